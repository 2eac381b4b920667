import type { Overridden } from '../core/compose.ts';
import { addressInDraft, selecting } from '../core/coverage.ts';
import type { Directory } from '../core/directory.ts';
import type { Match } from '../core/match.ts';
import type { Observed, Resource } from '../core/resource.ts';
import type { Rule } from '../core/rule.ts';
import type { Address } from '../core/value.ts';
import type { Kind, RuleTraits, Survey } from '../kinds/kind.ts';
import { type Chosen, choose, maySelect } from './choose.ts';
import { type Covering, cover } from './cover.ts';
import type { Foresight } from './foresight.ts';
import type { LiveInput, Port, Seen } from './live-input.ts';

/** What rules make of one listing: every object that some select, with what is wished of it as far as the list tells. */
export type Drafts = {
  readonly seen: Seen;
  /** By the address in the draft. */
  readonly drafts: ReadonlyMap<Address, Draft>;
  /** How many objects were read by themselves to judge whether a rule selects them. */
  readonly judged: number;
  /** Ids of objects that could not be read to judge whether a rule selects them. */
  readonly denied: ReadonlySet<string>;
};

type Draft = { readonly chosen: Chosen; readonly entry: Resource | undefined; readonly match: Match };

export type CoverInput = LiveInput & { readonly directory: Directory };

/** What rules came to in the end. */
export type Final = {
  readonly resources: readonly Resource[];
  readonly overridden: readonly (Overridden & { readonly address: Address })[];
};

/** Looks at every object of a kind that rules speak of, or spoke of when they were applied; undefined for the others. */
export function surveyOf(kind: Kind, { rules, objectsOnRecord }: LiveInput): Survey | undefined {
  if (kind.byRule === undefined) return undefined;
  const own = rules.filter((rule) => rule.kind === kind.name);
  const recorded = objectsOnRecord(kind.name);
  if (own.length === 0 && !recorded.some(([, { rules: by = [] }]) => by.length > 0)) return undefined;
  const ids = new Set(recorded.map(([, { id }]) => id));
  return (id, features) => ids.has(id) || maySelect(own, features, ['run_as']);
}

/** Judges which objects rules select; what an entry may mean besides is left to that entry. */
export async function draft(
  seen: Seen,
  listed: ReadonlyMap<Address, Match>,
  input: CoverInput,
): Promise<Drafts> {
  const own = input.rules.filter((rule) => rule.kind === seen.port.kind.name);
  if (own.length === 0) return { seen, drafts: new Map(), judged: 0, denied: new Set() };
  const { chosen, whole, denied } = await choose(seen, own);
  const claims = claimsOf(seen.port.kind, listed, input.resources);
  const drafts = [...chosen.values()].flatMap((one): readonly (readonly [Address, Draft])[] => {
    const { id } = one.observed;
    const entries = claims.found.get(id) ?? [];
    if (entries.length > 0) {
      return entries.map(({ resource, match }) => [
        resource.address,
        { chosen: one, entry: resource, match: { ...match, observed: one.observed } },
      ]);
    }
    return [
      [
        addressInDraft(seen.port.kind.name, id),
        { chosen: one, entry: undefined, match: matchOf(one, claims) },
      ],
    ];
  });
  return { seen: withWhole(seen, whole), drafts: new Map(drafts), judged: whole.size, denied };
}

/** What was worked out already, by kind. */
type Ahead = { of(port: Port): Foresight | undefined };

/** Entries and covered objects, each with what stands about it as far as is known by now. */
export function composed(
  drafts: readonly Drafts[],
  matches: ReadonlyMap<Address, Match>,
  input: CoverInput,
  ahead?: Ahead,
): Final {
  const covered = drafts.flatMap((one) => coveredBy(one, matches, input, ahead));
  const byAddress = new Map(covered.map((one) => [one.resource.address, one.resource]));
  const rest = input.resources.map((resource) => byAddress.get(resource.address) ?? resource);
  const declared = new Set(input.resources.map(({ address }) => address));
  const further = covered.filter(({ resource }) => !declared.has(resource.address));
  return {
    resources: [...rest, ...further.map(({ resource }) => resource)],
    overridden: covered.flatMap(({ resource, overridden }) =>
      overridden.map((one) => ({ ...one, address: resource.address })),
    ),
  };
}

/** Whether nothing that was read since says anything new about what rules select, so that it need not be composed again. */
export function isAsListed(
  drafts: readonly Drafts[],
  listed: ReadonlyMap<Address, Match>,
  matches: ReadonlyMap<Address, Match>,
): boolean {
  return drafts.every((one) =>
    [...one.drafts.keys()].every((address) => matches.get(address) === listed.get(address)),
  );
}

/** Where each object of a draft was found, as an entry or by rules alone. */
export function foundIn(drafts: readonly Drafts[]): ReadonlyMap<Address, Match> {
  return new Map(
    drafts.flatMap((one) => [...one.drafts].map(([address, { match }]) => [address, match] as const)),
  );
}

type Composed = ReturnType<typeof cover>;

function coveredBy(
  { seen, drafts }: Drafts,
  matches: ReadonlyMap<Address, Match>,
  input: CoverInput,
  ahead: Ahead | undefined,
): readonly Composed[] {
  const covering = coveringOf(seen.port.kind, input);
  if (covering === undefined) return [];
  const { kind } = covering;
  const own = input.rules.filter((rule) => rule.kind === kind.name);
  return [...drafts].flatMap(([address, { chosen, entry }]) => {
    const now = judgedAgain(chosen, matches.get(address), own);
    if (now === undefined) return [];
    const foreseen = entry === undefined ? ahead?.of(seen.port)?.coveredOf(now) : undefined;
    return [foreseen ?? cover(now, entry, covering)];
  });
}

/** What is needed to say what rules want of objects of a kind; undefined for a kind that they do not speak of. */
export function coveringOf(kind: Kind, input: CoverInput): Covering | undefined {
  if (!hasRules(kind)) return undefined;
  const entries = input.resources.filter((resource) => resource.kind === kind.name);
  return { kind, ...input, keys: new Set(entries.map(({ key }) => key)) };
}

/** An object that was read by itself since may turn out not to be selected after all. */
function judgedAgain(chosen: Chosen, match: Match | undefined, rules: readonly Rule[]): Chosen | undefined {
  if (match?.state !== 'found' || match.observed === chosen.observed) return chosen;
  const { observed } = match;
  const now = selecting(rules, observed.features ?? {});
  return now.length === 0 ? undefined : { observed, rules: now };
}

type Claims = {
  /** Id -> the entries that were found to mean it. */
  readonly found: ReadonlyMap<string, readonly Found[]>;
  /** Id -> an entry that may mean it. */
  readonly maybe: ReadonlyMap<string, Resource>;
};

type Found = { readonly resource: Resource; readonly match: Match & { readonly state: 'found' } };

function claimsOf(
  { name }: Kind,
  listed: ReadonlyMap<Address, Match>,
  resources: readonly Resource[],
): Claims {
  const found = new Map<string, Found[]>();
  const maybe = new Map<string, Resource>();
  for (const resource of resources) {
    const match = listed.get(resource.address);
    if (resource.kind !== name || match === undefined) continue;
    if (match.state === 'found') {
      const { id } = match.observed;
      found.set(id, [...(found.get(id) ?? []), { resource, match }]);
    }
    if (match.state === 'ambiguous') for (const { id } of match.candidates) maybe.set(id, resource);
  }
  return { found, maybe };
}

/** An exact entry would decide alone, so what it may mean is left alone until it says which object it means. */
function matchOf({ observed }: Chosen, { maybe }: Claims): Match {
  const entry = maybe.get(observed.id);
  if (entry === undefined) return { state: 'found', observed, by: 'id' };
  const { file, line } = entry.source;
  const why = `the entry ${entry.key} (${file}:${line}) may mean this object, and does not say which of several it means: give it an \`id\``;
  return { state: 'unreadable', why, reason: 'ambiguous' };
}

/** What was read by itself need not be read again. */
function withWhole(seen: Seen, whole: ReadonlyMap<string, Observed>): Seen {
  if (whole.size === 0) return seen;
  const byId = new Map([...seen.byId, ...whole]);
  const told = new Map(seen.told);
  for (const id of whole.keys()) told.set(id, { gaps: [], isWhole: true });
  return { ...seen, byId, told, rows: [...byId.values()] };
}

function hasRules(kind: Kind): kind is Kind & { readonly byRule: RuleTraits } {
  return kind.byRule !== undefined;
}
