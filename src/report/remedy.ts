import type { PlanDocument } from '../core/document.ts';
import { fenced } from './escape.ts';
import { inertName } from './inert.ts';
import { refusing } from './verdict.ts';

/** What to paste into the file where a refused plan is meant; reviewers then see it, and it holds for that plan alone. */
export function remedyMarkdown(document: PlanDocument): readonly string[] {
  const guards = [...new Set(refusing(document).map(({ allow }) => allow))];
  if (guards.length === 0) return [];
  const entries = guards.map(
    (guard) => `    - { guard: ${inertName(guard)}, digest: ${inertName(document.digest)}, reason: why }`,
  );
  const body = fenced('yaml', ['settings:', '  allow:', ...entries]);
  return [
    '<details><summary>If it is meant, write into the configuration</summary>',
    '',
    ...body,
    '',
    '</details>',
  ];
}
