import type { Match } from '../core/match.ts';
import type { Foreseen } from '../core/plan-parts.ts';
import type { Resource } from '../core/resource.ts';
import type { Address } from '../core/value.ts';
import { Foresight } from './foresight.ts';
import { coveringOf } from './live-covered.ts';
import { boundIn, directoryFor, isSame } from './live-directory.ts';
import type { LiveInput, Port, Seen } from './live-input.ts';
import { matchKind } from './live-match.ts';

/** What is worked out of the kinds that rules speak of, as soon as everything that those may point at was listed. */
export class LookAhead {
  readonly #input: LiveInput;
  /** Kind -> what is foreseen of it. */
  readonly #foresights: ReadonlyMap<string, Foresight>;
  #bound: ReadonlyMap<Address, string> | undefined;

  constructor(input: LiveInput) {
    const { foresee, rules } = input;
    const kinds = new Set(rules.map(({ kind }) => kind));
    this.#input = input;
    this.#foresights = new Map(
      foresee === undefined ? [] : [...kinds].map((kind) => [kind, new Foresight(foresee)] as const),
    );
  }

  of({ kind }: Port): Foresight | undefined {
    return this.#foresights.get(kind.name);
  }

  /** @param others what was listed of all other kinds. */
  begin(others: readonly Seen[]): void {
    if (this.#foresights.size === 0) return;
    const own = this.#others();
    const names = directoryFor(others, new Map(), own);
    const matches = new Map(others.flatMap((one) => matchKind(one, { ...own, directory: names })));
    const directory = directoryFor(others, matches, own);
    this.#bound = boundIn(matches, own);
    for (const { kind } of this.#input.ports) {
      const covering = coveringOf(kind, { ...this.#input, directory });
      if (covering !== undefined) this.#foresights.get(kind.name)?.begin(covering);
    }
  }

  /** Whether what was listed in the end is what was looked at. */
  isRight(listed: ReadonlyMap<Address, Match>): boolean {
    return this.#bound !== undefined && isSame(this.#bound, boundIn(listed, this.#others()));
  }

  /** What of it stands in the end. */
  get used(): ReadonlyMap<Resource, Foreseen> {
    return new Map([...this.#foresights.values()].flatMap(({ used }) => [...used]));
  }

  #others(): LiveInput {
    const resources = this.#input.resources.filter(({ kind }) => !this.#foresights.has(kind));
    return { ...this.#input, resources };
  }
}
