import type { Create, Replace } from '../core/change.ts';
import { LostAnswerError } from '../core/errors.ts';
import type { Observed } from '../core/resource.ts';
import type { ResolvedSpec } from '../core/value.ts';
import type { Run, Trail } from './run.ts';
import { samenessOf } from './sameness.ts';

/** Lists may lag behind a create by seconds, so one look proves nothing. */
const WAITS_MS = [0, 1000, 2000, 4000];
/** An intent older than this is no reason to wait for a lagging list. */
const FRESH_MS = 10 * 60 * 1000;
const MAX_SENDS = 3;

type Making = { readonly spec: ResolvedSpec; readonly trail: Trail };

/** Creates have no idempotency key: one whose answer was lost is looked for before it is sent again. */
export async function createOnce(
  run: Run,
  change: Create | Replace,
  making: Making,
  sends = 1,
): Promise<string> {
  const { api } = run.ports.portOf(change.kind);
  const { name, traits } = change.resource;
  try {
    return await making.trail.write(() => api.create({ name, traits, spec: making.spec }));
  } catch (error) {
    if (!(error instanceof LostAnswerError)) throw error;
    const made = await lookForLost(run, change);
    if (made !== null) return made.id;
    if (sends >= MAX_SENDS) throw error;
    return createOnce(run, change, making, sends + 1);
  }
}

/** After an earlier run that died around its create: what it left, which may not be in a lagging list yet. */
export async function lookAgain(run: Run, change: Create | Replace): Promise<Observed | null> {
  const { context, clock } = run.ports;
  const intent = context.record?.intents[change.address];
  if (intent?.name !== change.resource.name) return null;
  const recorded = new Set(Object.values(context.record?.objects ?? {}).map(({ id }) => id));
  const isFresh = clock() - Date.parse(intent.at) < FRESH_MS;
  return lookFor(run, change, { waitsMs: isFresh ? WAITS_MS : [0], isOther: (id) => recorded.has(id) });
}

async function lookForLost(run: Run, change: Create | Replace): Promise<Observed | null> {
  const { directory } = run.ports.context;
  return lookFor(run, change, {
    waitsMs: WAITS_MS,
    isOther: (id) => directory.exists(change.kind, id) === true,
  });
}

type Search = {
  readonly waitsMs: readonly number[];
  /** Ids that are surely not what the create made. */
  readonly isOther: (id: string) => boolean;
};

async function lookFor(run: Run, change: Create | Replace, search: Search): Promise<Observed | null> {
  for (const waitMs of search.waitsMs) {
    if (waitMs > 0) await run.ports.sleep(waitMs);
    const found = await look(run, change, search.isOther);
    if (found !== null) return found;
  }
  return null;
}

async function look(
  run: Run,
  change: Create | Replace,
  isOther: Search['isOther'],
): Promise<Observed | null> {
  const { api, kind } = run.ports.portOf(change.kind);
  const isSame = samenessOf(kind, run.directory);
  const { rows } = await api.find([{ name: change.resource.name }], { seen: null });
  const made = rows
    .map(({ observed }) => observed)
    .filter((row) => isSame(change.resource, row) && !isOther(row.id))
    .filter(({ id }) => run.directory.addressOf(kind.name, id) === undefined);
  const [only] = made;
  return only !== undefined && made.length === 1 ? only : null;
}
