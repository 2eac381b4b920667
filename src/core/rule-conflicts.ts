import type { Diagnostic } from './diagnostic.ts';
import { type Directory, directoryOf } from './directory.ts';
import { type Subject, compose } from './compose.ts';
import { type Rule, type Stated, nameStated } from './rule.ts';
import { isWithin } from './select.ts';
import { IdRef, isList } from './value.ts';

/**
 * Rules that contradict each other whatever the workspace looks like: every job of the one is a job of the other too. Where
 * only some jobs are, those are blocked and the others are not, as somebody else's job must not stop them.
 */
export function ruleConflicts(rules: readonly Rule[]): readonly Diagnostic[] {
  return rules.flatMap((rule, at) =>
    rules.slice(at + 1).flatMap((other) => (mayMeet(rule, other) ? conflictsOf(rule, other) : [])),
  );
}

function mayMeet(a: Rule, b: Rule): boolean {
  return a.kind === b.kind && (isWithin(a.selector, b.selector) || isWithin(b.selector, a.selector));
}

/** Without a workspace there are no tasks that a glob could stand for, so only equal paths are compared. */
function conflictsOf(rule: Rule, other: Rule): readonly Diagnostic[] {
  const stated = new Map<string, readonly Stated[]>();
  for (const path of Object.keys(rule.states)) {
    // Only a workspace tells whether an id is what a key stands for.
    if (other.states[path] !== undefined && ![rule, other].some((one) => namesById(one, path)))
      stated.set(
        path,
        [rule, other].map((one) => saidBy(one, path)),
      );
  }
  const subject: Subject = { entry: undefined, stated, observed: { spec: {} } };
  return compose(subject, NOWHERE).contradictions.map((message) => ({
    code: 'rules-contradict',
    severity: 'error',
    message,
    at: later(rule, other),
    hint: `every job of one is a job of the other: change one of ${nameRule(rule)} and ${nameRule(other)}, or what it selects`,
  }));
}

function namesById({ states }: Rule, path: string): boolean {
  const value = states[path];
  return isList(value) && value.some((item) => item instanceof IdRef);
}

function saidBy(rule: Rule, path: string): Stated {
  const value = rule.states[path] ?? null;
  return { by: `rules.${rule.key}`, at: rule.places[path] ?? rule.source, mode: rule.mode, value };
}

function later(a: Rule, b: Rule): Rule['source'] {
  const isSameFile = a.source.file === b.source.file;
  return isSameFile && a.source.line > b.source.line ? a.source : b.source;
}

function nameRule(rule: Rule): string {
  return nameStated({ by: `rules.${rule.key}`, at: rule.source });
}

/** Nothing is known of any object but the keys that the file gives them. */
const NOWHERE: Directory = directoryOf({ names: new Map(), complete: new Set(), ids: new Map() });
