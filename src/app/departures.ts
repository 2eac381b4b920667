import { type Change, isPending } from '../core/change.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { type Move, recordedAt } from '../core/move.ts';
import type { Policy } from '../core/plan-parts.ts';
import type { RecordDocument } from '../core/record.ts';
import { agedSecrets } from '../core/secret-age.ts';
import { suggest } from '../core/suggest.ts';
import { KINDS } from '../kinds/index.ts';
import type { Recorded, Session } from './session.ts';

/** What becomes of objects on record that the file does not declare, besides what `prune` says. */
export function departurePolicy(
  { config }: Session,
  { document: record, stuck = [] }: Recorded,
): Pick<Policy, 'removedAt' | 'keptWhy'> {
  if (record === null) return {};
  const removed = config.removed.map(
    (address, index) => [recordedAt(record, address)?.[0], config.positionOf(['removed', index])] as const,
  );
  const kept = stuck.map(({ from, to }) => [recordedAt(record, from)?.[0], to] as const);
  const removedAt = new Map(removed);
  const keptFor = new Map(kept);
  return {
    removedAt: (address) => removedAt.get(address),
    keptWhy: (address) =>
      keptFor.has(address)
        ? `\`moved\` cannot make it ${keptFor.get(address)}, which is another object on record`
        : undefined,
  };
}

export type Departing = {
  readonly session: Session;
  readonly record: RecordDocument | null;
  /** Of the whole plan, whatever `--only` leaves of it. */
  readonly changes: readonly Change[];
};

/** What the record shows to be wrong with the file: addresses that lead nowhere, and secrets that are too old. */
export function recordFindings({ session, record, changes }: Departing): readonly Diagnostic[] {
  const { config, resources, host } = session;
  const limit = config.settings.secret_max_age;
  const positionOf = ({ kind, key, origins }: (typeof resources)[number], path: string) =>
    config.positionOf([sectionOf(kind), key, ...(origins[path] ?? [])]);
  const aged =
    limit === undefined ? [] : agedSecrets({ resources, record, limit, now: host.clock(), positionOf });
  return [...aged, ...removedInVain({ session, record, changes })];
}

/** Moves that changes of this plan are about. */
export function movesOf(changes: readonly Change[], { moved = [] }: Recorded): readonly Move[] {
  const keys = new Set(changes.map(({ kind, key }) => `${kind}/${key}`));
  return moved.filter(({ to }) => keys.has(to));
}

/** Moves as notes of the changes that they are about. */
export function withMoves(changes: readonly Change[], moved: readonly Move[]): readonly Change[] {
  const former = new Map(moved.map(({ from, to }) => [to, from]));
  return changes.map((change) => {
    const from = former.get(`${change.kind}/${change.key}`);
    if (from === undefined) return change;
    const note = isPending(change) ? `moved from ${from}` : `moved from ${from}: only the record is written`;
    return { ...change, notes: [...change.notes, note] };
  });
}

function removedInVain({ session, record, changes }: Departing): readonly Diagnostic[] {
  // Where no record was found, nothing can be told of what is on it.
  if (record === null || record.serial === 0) return [];
  const { config, resources } = session;
  const declared = new Set(resources.map(({ kind, key }) => `${kind}/${key}`));
  const orphans = Object.entries(record.objects).filter(
    ([, { kind, key }]) => !declared.has(`${kind}/${key}`),
  );
  const names = orphans.flatMap(([address, { kind, key }]) => [address, `${kind}/${key}`]);
  return config.removed.flatMap((address, index) => {
    const found = recordedAt(record, address);
    const why = found === undefined ? notOnRecord(address, names) : stillMeant(found, changes);
    const at = config.positionOf(['removed', index]);
    return why === undefined ? [] : [{ code: 'removed-nothing', severity: 'warning', at, ...why } as const];
  });
}

type Words = { readonly message: string; readonly hint: string };

function notOnRecord(address: string, names: readonly string[]): Words {
  const nearest = suggest(address, names);
  const hint =
    nearest === undefined ? 'if it was let go of already, take it out' : `did you mean "${nearest}"?`;
  return { message: `nothing on record is called "${address}"`, hint };
}

function stillMeant(
  [address, { kind, id }]: NonNullable<ReturnType<typeof recordedAt>>,
  changes: readonly Change[],
): Words | undefined {
  if (changes.some((change) => change.verb === 'detach' && change.address === address)) return undefined;
  const meaning = changes.find((change) => change.kind === kind && change.id === id);
  const message = `${address} is not let go of: ${meaning === undefined ? 'an entry of the file' : `${kind}/${meaning.key}`} means it`;
  return { message, hint: 'drop that entry, or take the address out of `removed`' };
}

function sectionOf(kind: string): string {
  return KINDS.find(({ name }) => name === kind)?.section ?? '';
}
