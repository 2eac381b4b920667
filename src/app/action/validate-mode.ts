import { checkAlone, eachPart } from './part.ts';
import { type Ended, NOWHERE } from './plan-mode.ts';
import type { Stage } from './stage.ts';

/** Schema, references and cross-checks; no credentials, no workspace. */
export async function validateMode(stage: Stage): Promise<Ended> {
  const parts = await eachPart(stage, (target) =>
    checkAlone(stage, target, 'validate looks at no workspace'),
  );
  const told = parts.map((part) => ({ part, outlook: null }));
  return { told, urls: NOWHERE };
}
