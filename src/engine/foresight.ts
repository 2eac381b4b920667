import { selecting } from '../core/coverage.ts';
import type { Directory } from '../core/directory.ts';
import type { Match } from '../core/match.ts';
import type { Foreseen } from '../core/plan-parts.ts';
import type { Observed, Resource } from '../core/resource.ts';
import type { Rule } from '../core/rule.ts';
import type { Chosen } from './choose.ts';
import { type Covered, type Covering, cover } from './cover.ts';

/** Pure: the plan of one object by itself. */
export type Foresee = (resource: Resource, match: Match, directory: Directory) => Foreseen;

type Made = { readonly chosen: Chosen; readonly covered: Covered; readonly foreseen: Foreseen };

/**
 * What rules come to for rows of a list, worked out while the list goes on: for thousands of them that takes as long as some
 * of its pages. What was made of a row counts only where nothing that is read later says more of it, or of what it points at.
 */
export class Foresight {
  readonly #foresee: Foresee;
  readonly #made = new Map<string, Made>();
  readonly #used = new Map<Resource, Foreseen>();
  readonly #early: Observed[] = [];
  #covering: Covering | undefined;
  #rules: readonly Rule[] = [];

  constructor(foresee: Foresee) {
    this.#foresee = foresee;
  }

  /** Everything that the rows may point at was listed. */
  begin(covering: Covering): void {
    this.#covering = covering;
    this.#rules = covering.rules.filter((rule) => rule.kind === covering.kind.name);
    for (const observed of this.#early.splice(0)) this.see(observed);
  }

  see(observed: Observed): void {
    if (this.#covering === undefined) {
      this.#early.push(observed);
      return;
    }
    const rules = selecting(this.#rules, observed.features ?? {});
    if (rules.length === 0) return;
    const chosen = { observed, rules };
    const covered = cover(chosen, undefined, this.#covering);
    const match = { state: 'found', observed, by: 'id' } as const;
    const { directory } = this.#covering;
    this.#made.set(observed.id, {
      chosen,
      covered,
      foreseen: this.#foresee(covered.resource, match, directory),
    });
  }

  /** What was made of an object without an entry of its own, if that is how it was found in the end. */
  coveredOf({ observed, rules }: Chosen): Covered | undefined {
    const made = this.#made.get(observed.id);
    if (made === undefined || observed.gaps.length > 0 || made.chosen.observed.spec !== observed.spec)
      return undefined;
    if (!isSame(made.chosen.rules, rules)) return undefined;
    this.#used.set(made.covered.resource, made.foreseen);
    return made.covered;
  }

  get used(): ReadonlyMap<Resource, Foreseen> {
    return this.#used;
  }
}

function isSame(some: readonly Rule[], others: readonly Rule[]): boolean {
  return some.length === others.length && some.every((rule, at) => rule === others[at]);
}
