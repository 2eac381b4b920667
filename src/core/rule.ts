import type { Position } from './diagnostic.ts';
import type { EntryPath, Finding } from './entry.ts';
import type { Selector } from './select.ts';
import type { Spec, Value } from './value.ts';

/**
 * `ensure`: at least this, what is live stays. `exact`: this and nothing else. `forbid`: no recipient that one of the
 * patterns matches; one with an `@` speaks of e-mail addresses, any other of destination keys and display names.
 */
export type RuleMode = 'ensure' | 'exact' | 'forbid';

/** What one entry of `rules` says, in canonical form; made by a kind. */
export type DeclaredRule = {
  readonly mode: RuleMode;
  readonly selector: Selector;
  /** By field path, in which a part of an object may be named by a glob: see `RuleTraits.reach`. */
  readonly states: Readonly<Record<string, Value>>;
  /** Where in the entry each of them was typed. */
  readonly origins: Readonly<Record<string, EntryPath>>;
  readonly findings: readonly Finding[];
  /** As in `Declared`. */
  readonly consents: readonly string[];
};

/** A rule with its place in the file. */
export type Rule = DeclaredRule & {
  /** The kind of object that it speaks of. */
  readonly kind: string;
  readonly key: string;
  readonly source: Position;
  /** Of each statement. */
  readonly places: Readonly<Record<string, Position>>;
  /** Of selection, mode and statements: tells whether it is the rule that was applied last. */
  readonly statement: string;
};

/** One thing that the file says about one field of one object. */
export type Stated = {
  /** Who says it, for example `rules.prod` or `jobs.etl`. */
  readonly by: string;
  readonly at: Position;
  readonly mode: RuleMode;
  readonly value: Value;
};

/** Field paths of an object that a path of a rule speaks of. */
export type Reach = (path: string, spec: Spec) => readonly string[];

/** What rules say about one object, by field path. */
export function statedBy(
  rules: readonly Rule[],
  spec: Spec,
  reach: Reach,
): ReadonlyMap<string, readonly Stated[]> {
  const stated = new Map<string, Stated[]>();
  for (const rule of rules) {
    for (const [pattern, value] of Object.entries(rule.states)) {
      const one = {
        by: `rules.${rule.key}`,
        at: rule.places[pattern] ?? rule.source,
        mode: rule.mode,
        value,
      };
      for (const path of reach(pattern, spec)) {
        const others = stated.get(path);
        if (others === undefined) stated.set(path, [one]);
        else others.push(one);
      }
    }
  }
  return stated;
}

/** For people: `rules.prod (notifications.yml:12)`. */
export function nameStated({ by, at }: Pick<Stated, 'by' | 'at'>): string {
  return `${by} (${at.file}:${at.line})`;
}
