import { diskReader } from '../config/disk-reader.ts';
import { listTargets } from '../config/load.ts';
import { driftOf } from '../core/drift.ts';
import type { Resource } from '../core/resource.ts';
import { nameStated } from '../core/rule.ts';
import { type Address, Ref, type Value, itemsOf } from '../core/value.ts';
import type { Host } from '../host/host.ts';
import { wantDeleted } from './accept-deleted.ts';
import { type EditedFile, type Texts, editable, filesOf, make, textsOf } from './accept-edits.ts';
import { wantFields } from './accept-fields.ts';
import {
  type Ask,
  type Ground,
  type Left,
  type Wanted,
  entryPath,
  leave,
  sectionOf,
  sharedWith,
  writeByHand,
} from './accept-ground.ts';
import { type Reloaded, type Spoilt, reload, unsettled } from './accept-reload.ts';
import { load } from './load.ts';
import type { CommonOptions } from './options.ts';
import type { Planned } from './planning.ts';

/** What accepting comes to; nothing is written yet. */
export type Taken = {
  readonly files: readonly EditedFile[];
  readonly left: readonly Left[];
  readonly notes: readonly string[];
};

/** One run: where it is, what it was told, and which target it is about. */
export type Run = {
  readonly host: Host;
  readonly options: CommonOptions;
  readonly target: string | undefined;
};

/** The files as they would say what somebody did by hand. */
export async function takeOver(run: Run, planned: Planned): Promise<Taken> {
  const { config } = await load(run.host, run.options, run.target);
  const { record, live, context, plan } = planned;
  if (record === null || record.serial === 0) return unremembered(planned);
  const { names: targets } = await listTargets(diskReader, run.options.config);
  const ground = { config, directory: context.directory, record, matches: live.matches, targets };
  // What a rule does not reach yet was not done by hand.
  const drift = driftOf(plan.changes, record).filter(({ what }) => what !== 'uncovered');
  const wanted = drift.map(({ change, what, fields }) =>
    what === 'deleted' ? wholly(wantDeleted(change, ground)) : wantFields(change, fields, ground),
  );
  const texts = await textsOf(config.files);
  const attempt = { run, planned, ground, texts };
  const all = editable(
    texts,
    wanted.flatMap(({ asks }) => asks),
  );
  const left = [...wanted.flatMap((one) => one.left), ...all.left];
  const settled = await settle(attempt, all.asks);
  return { files: settled.files, left: [...left, ...settled.left], notes: notesOf(settled.asks, ground) };
}

/** Without a record, nobody can say what was done by hand and what the file has changed since. */
function unremembered({ document }: Planned): Taken {
  const changes = document.changes.filter(({ fields, verb }) => fields.length > 0 || verb === 'create');
  const why = 'there is no record, so what was done by hand cannot be told from what the file changed';
  const hint = 'apply once, so that there is something to compare with';
  return {
    files: [],
    notes: [],
    left: changes.map(({ address }) => ({ what: address, at: null, why, hint })),
  };
}

function wholly(one: Ask | Left): Wanted {
  return 'edits' in one ? { asks: [one], left: [] } : { asks: [], left: [one] };
}

type Attempt = {
  readonly run: Run;
  readonly planned: Planned;
  readonly ground: Ground;
  readonly texts: Texts;
};

type Settled = Wanted & Pick<Taken, 'files'>;

/** What the loader and the planner have nothing against: all of it, else what they let stand, else nothing. */
async function settle(attempt: Attempt, asks: readonly Ask[]): Promise<Settled> {
  const { asks: free, left } = await withoutReferred(attempt, asks);
  const spoilt = await spoiltOf(attempt, free);
  if (spoilt.length === 0) return { asks: free, left, files: filesOf(attempt.texts, free) };
  const kept = standing(free, spoilt);
  const isLess = kept.length > 0 && kept.length < free.length;
  const taken = isLess && (await spoiltOf(attempt, kept)).length === 0 ? kept : [];
  const refused = free.filter((ask) => !taken.includes(ask));
  return {
    asks: taken,
    left: [...left, ...refused.map((ask) => refusalOf(ask, spoilt))],
    files: filesOf(attempt.texts, taken),
  };
}

/** Where nothing is left to stand, the whole file would be wrong: that may be because of what was deleted. */
function standing(asks: readonly Ask[], spoilt: readonly Spoilt[]): readonly Ask[] {
  const gone = new Set(spoilt.map(({ ask }) => ask));
  const rest = asks.filter((ask) => !gone.has(ask));
  return rest.length > 0 ? rest : asks.filter(({ paths }) => paths.length > 0);
}

function refusalOf(ask: Ask, spoilt: readonly Spoilt[]): Left {
  const own = spoilt.find((one) => one.ask === ask);
  return leave(ask, own?.why ?? String(spoilt[0]?.why), own?.hint ?? writeByHand(ask.byHand));
}

/** What cannot be left like that, with the reason. */
async function spoiltOf({ run, planned, texts }: Attempt, asks: readonly Ask[]): Promise<readonly Spoilt[]> {
  if (asks.length === 0) return [];
  const { host, options, target } = run;
  const reloaded = await reload(host, options, target, make(texts, asks).texts);
  const [error] = reloaded.errors;
  if (error === undefined) return unsettled(asks, reloaded, planned);
  const why = `the file would be wrong: ${error.message}`;
  return asks.map((ask) => ({ ask, why, hint: writeByHand(ask.byHand) }));
}

/** What was deleted by hand and is still pointed at from elsewhere in the file stays in it. */
async function withoutReferred({ run, texts }: Attempt, asks: readonly Ask[]): Promise<Wanted> {
  const deleted = asks.filter(({ paths }) => paths.length === 0);
  if (deleted.length === 0) return { asks, left: [] };
  const { host, options, target } = run;
  const others = asks.filter(({ paths }) => paths.length > 0);
  const reloaded = await reload(host, options, target, make(texts, others).texts);
  const going = new Set(deleted.map(({ change }) => `${change.kind}/${change.key}`));
  const left = deleted.flatMap((ask) => {
    const users = usersOf(`${ask.change.kind}/${ask.change.key}`, reloaded, going);
    const hint = `take it out there, or let an apply make it again`;
    return users.length === 0
      ? []
      : ([[ask, leave(ask, `it is still referred to by ${users.join(', ')}`, hint)]] as const);
  });
  const kept = new Set<Ask>(left.map(([ask]) => ask));
  return { asks: asks.filter((ask) => !kept.has(ask)), left: left.map(([, one]) => one) };
}

/** Entries that point at an address, with their places. */
function usersOf(
  address: Address,
  { resources, rules, config }: Reloaded,
  going: ReadonlySet<string>,
): readonly string[] {
  const ruled = rules.filter(({ states }) => Object.values(states).some((value) => isAbout(value, address)));
  const entries = resources.flatMap((resource) => {
    const { kind, key, wishes, origins } = resource;
    if (going.has(`${kind}/${key}`)) return [];
    const path = Object.keys(wishes).find((one) => pointsAt(resource, one, address));
    const at =
      path === undefined ? undefined : config?.positionOf([sectionOf(kind), key, ...(origins[path] ?? [])]);
    return at === undefined ? [] : [`${kind}/${key} (${at.file}:${at.line})`];
  });
  return [...entries, ...ruled.map(({ key, source }) => nameStated({ by: `rules.${key}`, at: source }))];
}

function pointsAt({ wishes }: Resource, path: string, address: Address): boolean {
  return isAbout(wishes[path]?.value ?? null, address);
}

function isAbout(value: Value, address: Address): boolean {
  const items = itemsOf(value);
  return items.some((item) => item instanceof Ref && item.to === address);
}

/** Places that other targets read too. */
function notesOf(asks: readonly Ask[], ground: Ground): readonly string[] {
  const notes = asks.flatMap(({ change, paths, at }) => {
    const [path] = paths;
    const origin = 'resource' in change ? change.resource?.origins[path ?? ''] : undefined;
    if (path === undefined || origin === undefined) return [];
    const others = sharedWith(ground, [...entryPath(change), ...origin]);
    return others.length === 0 ? [] : [`${at.file}:${at.line} is read by ${others.join(', ')} too`];
  });
  return [...new Set(notes)];
}
