import type { Verb } from '../core/change.ts';
import type { PlanDocument, RefusalDocument } from '../core/document.ts';
import type { Summary } from '../core/plan.ts';
import { type Part, type Phrase, enumerate, ours, plain, say } from './phrase.ts';
import { plural, thousands, VERB_ORDER, VERB_WORDS } from './words.ts';

/** One sentence: what the plan would do to which workspace. */
export function verdictOf(document: PlanDocument): string {
  return plain(verdictPhrase(document));
}

/** The same sentence, for a renderer that escapes in its own way. */
export function verdictPhrase(document: PlanDocument): Phrase {
  return judge(document, actionCounts(document.summary).join(', '));
}

/** The sentence with changes counted as one, for a page that lists the counts below it. */
export function headlinePhrase(document: PlanDocument): Phrase {
  const { summary } = document;
  const pending = pendingCount(summary);
  const counts = [
    ...(pending === 0 ? [] : [plural(pending, 'change')]),
    ...count(summary.blocked, 'blocked'),
  ];
  return judge(document, counts.join(', '));
}

/** What the plan would do, without saying where. */
export function briefPhrase(document: PlanDocument): Phrase {
  const counts = actionCounts(document.summary).join(', ');
  const guards = guardsOf(document);
  const tail = counts === '' ? 'nothing to do' : counts;
  if (guards.length > 0) return say`refused by ${guards}: ${ours(tail)}`;
  return document.complete
    ? [ours(tail)]
    : say`too little could be read${ours(counts === '' ? '' : `: ${counts}`)}`;
}

/** Every count that is not zero, what is written first: `1 to create, 1 blocked, 40 unchanged`. */
export function countsLine(summary: Summary): string {
  const all = [...actionCounts(summary), ...standingCounts(summary)];
  return all.length === 0 ? 'nothing is managed here' : all.join(', ');
}

/** The counts that the verdict leaves out; empty where there are none. */
export function standingLine(summary: Summary): string {
  return standingCounts(summary).join(', ');
}

/** Changes that an apply would make. */
export function pendingCount(summary: Summary): number {
  return VERB_ORDER.filter((verb) => verb !== 'blocked' && verb !== 'noop').reduce(
    (sum, verb) => sum + summary[verb],
    0,
  );
}

/** Whether there is something that an apply would do with this plan. */
export function isApplicable(document: PlanDocument): boolean {
  return pendingCount(document.summary) > 0 && errorCount(document) === 0;
}

/** Refusals that nothing has lifted. */
export function refusing(document: PlanDocument): readonly RefusalDocument[] {
  return document.refusals.filter(({ allowed }) => allowed === undefined);
}

/** Their names. */
export function guardsOf(document: PlanDocument): Phrase {
  return enumerate(
    refusing(document).map(({ guard }) => say`${guard}`),
    10,
  );
}

/** `prod (https://…)`, or the host alone where the file names no target. */
export function workspaceOf({ workspace: { target, host } }: PlanDocument): Part {
  return { code: target === null ? host : `${target} (${host})` };
}

function judge(document: PlanDocument, what: string): Phrase {
  const { summary, complete } = document;
  const where = workspaceOf(document);
  const guards = guardsOf(document);
  const errors = errorCount(document);
  const tail = ours(what === '' ? '' : `: ${what}`);
  if (errors > 0) return say`Plan for ${where} has ${ours(plural(errors, 'error'))}${tail}`;
  if (guards.length > 0) return say`Plan for ${where} is refused by ${guards}${tail}`;
  if (!complete && what === '') return say`No conclusion for ${where}: too little could be read`;
  if (!complete) return say`Plan for ${where}, incomplete${tail}`;
  if (pendingCount(summary) > 0) return say`Plan for ${where}${tail}`;
  if (what !== '') return say`Nothing to apply for ${where}${tail}`;
  return say`Nothing to do for ${where}: the workspace is what the file says`;
}

function errorCount({ diagnostics }: PlanDocument): number {
  return diagnostics.filter(({ severity }) => severity === 'error').length;
}

function actionCounts(summary: Summary): readonly string[] {
  const verbs: readonly Verb[] = VERB_ORDER.filter((verb) => verb !== 'noop');
  return verbs.flatMap((verb) => count(summary[verb], VERB_WORDS[verb].count));
}

function standingCounts(summary: Summary): readonly string[] {
  return [
    ...count(summary.drifted, 'changed by hand'),
    ...count(summary.noop, VERB_WORDS.noop.count),
    ...count(summary.foreign, 'not in the file'),
  ];
}

function count(number: number, words: string): readonly string[] {
  return number === 0 ? [] : [`${thousands(number)} ${words}`];
}
