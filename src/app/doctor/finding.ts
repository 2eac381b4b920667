import type { Finding } from '../../core/doctor.ts';
import { ToolError } from '../../core/errors.ts';

/** What a finding is about, whatever comes of it. */
export type About = Pick<Finding, 'group' | 'code' | 'title'>;

/** What went wrong, and what to do about it. */
export function failureOf(error: unknown): { readonly detail: string; readonly remedy: string } {
  if (!(error instanceof ToolError)) return { detail: String(error), remedy: BUG };
  return { detail: error.message, remedy: error.hint ?? (error.source === 'user' ? MEND : LATER) };
}

const BUG = 'this is a bug in lakebell: please report it';
const MEND = 'set it right, or unset it, and run doctor again';
const LATER = 'try again later; if it lasts, look at the workspace and the network between';

/** One probe by itself: where it fails, that is what was found, and the others go on. */
export async function probe(
  about: About,
  run: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await run();
  } catch (error) {
    return [{ ...about, status: 'unknown', ...failureOf(error) }];
  }
}

/** `a, b and 3 more`. */
export function named(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
