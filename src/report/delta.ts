import { diffLines } from 'diff';
import type { Verb } from '../core/change.ts';
import type { FieldDocument, PlainValue } from '../core/document.ts';
import { inert, inertName } from './inert.ts';

/** One line of a change; `sign` says whether it comes, goes or stays. */
export type DeltaLine = { readonly sign: '+' | '-' | ' '; readonly text: string };

/** What happens to one field, ready to be laid out; every text in it is safe to print. */
export type Delta = {
  readonly path: string;
  readonly remarks: readonly string[];
  /** `block`: members of a list or lines of a long text; `scalar`: one value, null where there is none. */
  readonly shape:
    | { readonly is: 'block'; readonly lines: readonly DeltaLine[]; readonly unchanged: number }
    | { readonly is: 'scalar'; readonly before: string | null; readonly after: string | null };
};

/** Members of a list are compared as a set, long texts line by line, everything else as one value. */
export function deltaOf(field: FieldDocument, verb: Verb): Delta {
  const { path, before, after } = field;
  const shape = isWritten(field, verb) ? shapeOf(before, after) : standingShape(after);
  return { path: inert(path), remarks: remarksOf(field, verb), shape };
}

/** What cannot be compared is written only where the whole object is; what does not count is never. */
function isWritten({ verdict }: FieldDocument, verb: Verb): boolean {
  return verdict === 'opaque' ? WHOLE.includes(verb) : verdict !== 'ignored';
}

/** A field that is told of and not written shows no change. */
function standingShape(value: PlainValue): Delta['shape'] {
  const text = membersOf(value).join(', ');
  return { is: 'scalar', before: text, after: text };
}

function shapeOf(before: PlainValue, after: PlainValue): Delta['shape'] {
  if (isList(before) || isList(after)) return listShape(membersOf(before), membersOf(after));
  if (isLong(before) || isLong(after)) return textShape(textOf(before) ?? '', textOf(after) ?? '');
  return { is: 'scalar', before: printed(before), after: printed(after) };
}

function listShape(before: readonly string[], after: readonly string[]): Delta['shape'] {
  const [was, is] = [new Set(before), new Set(after)];
  const removed = before.filter((member) => !is.has(member)).map((text) => ({ sign: '-', text }) as const);
  const added = after.filter((member) => !was.has(member)).map((text) => ({ sign: '+', text }) as const);
  return { is: 'block', lines: [...removed, ...added], unchanged: after.length - added.length };
}

const CONTEXT = 2;

function textShape(before: string, after: string): Delta['shape'] {
  const lines = diffLines(ended(before), ended(after)).flatMap(({ value, added, removed }): DeltaLine[] =>
    linesOf(value).map((text) => ({ sign: added ? '+' : removed ? '-' : ' ', text })),
  );
  const isAtEnd = before !== after && lines.every(({ sign }) => sign === ' ');
  if (isAtEnd) return { is: 'scalar', before: endOf(before), after: endOf(after) };
  const kept = lines.filter((line, at) => line.sign !== ' ' || isNearChange(lines, at));
  return { is: 'block', lines: kept, unchanged: lines.length - kept.length };
}

function isNearChange(lines: readonly DeltaLine[], at: number): boolean {
  return lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ sign }) => sign !== ' ');
}

function endOf(text: string): string {
  return text.endsWith('\n') ? '(ends with a line break)' : '(ends without a line break)';
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/u, '').split('\n').map(inert);
}

const WHOLE: readonly Verb[] = ['create', 'replace', 'adopt'];

function remarksOf(field: FieldDocument, verb: Verb): readonly string[] {
  const drift = field.origin === 'both' ? conflictRemark(field) : driftRemark(field);
  const verdict = verdictRemark(field, verb);
  return [...(field.drifted ? [drift] : []), ...(verdict === null ? [] : [inert(verdict)])];
}

function driftRemark({ verdict }: FieldDocument): string {
  return verdict === 'ignored' ? 'drifted: changed by hand' : 'drifted: changed by hand, will be reverted';
}

/** All three: what was applied, what is live (the old value) and what the file says (the new one). */
function conflictRemark({ applied = null }: FieldDocument): string {
  const members = membersOf(applied).join(', ');
  const last = members === '' ? 'nothing' : members;
  return `conflict: changed by hand and in the file; last applied: ${last}`;
}

function verdictRemark(field: FieldDocument, verb: Verb): string | null {
  const { verdict, reason } = field;
  switch (verdict) {
    case 'changed':
      return reason;
    case 'unknown':
      return 'waits for its id';
    case 'opaque':
      // Where it is written the alert says why.
      return isWritten(field, verb)
        ? 'cannot be compared, is written'
        : `cannot be compared, is left as it is${because(reason)}`;
    case 'assumed':
      return `assumed${because(reason)}`;
    case 'ignored':
      return `differs, and does not count${because(reason)}`;
  }
}

function because(reason: string | null): string {
  return reason === null ? '' : `: ${reason}`;
}

function membersOf(value: PlainValue): readonly string[] {
  if (isList(value)) return [...new Set(value.map((member) => printed(member) ?? '""'))];
  const only = printed(value);
  return only === null ? [] : [only];
}

/** Empty text and null are one state: nothing is set. */
function printed(value: Exclude<PlainValue, readonly unknown[]>): string | null {
  const text = textOf(value);
  return text === null || text === '' ? null : inertName(text);
}

function textOf(value: Exclude<PlainValue, readonly unknown[]>): string | null {
  return value === null ? null : String(value);
}

function isLong(value: PlainValue): value is string {
  return typeof value === 'string' && value.trim().includes('\n');
}

function isList(value: PlainValue): value is readonly (null | boolean | number | string)[] {
  return Array.isArray(value);
}
