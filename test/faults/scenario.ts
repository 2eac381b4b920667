import type { PlanDocument } from '../../src/core/document.ts';
import type { RecordDocument } from '../../src/core/record.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import type { Snapshot } from '../../src/sandbox/snapshot.ts';
import { type Bench, type Setting, withBench } from './bench.ts';

/** A workspace on which one file was applied and another one is about to be. */
export type Scenario = {
  readonly seed: Seed;
  readonly before: string;
  readonly after: string;
  /** Environment of the first apply, and what the second changes of it. */
  readonly env: Readonly<Record<string, string>>;
  readonly changed: Readonly<Record<string, string>>;
};

/** A scenario after its first file, and what its second one comes to where nothing goes wrong. */
export type Ground = {
  readonly scenario: Scenario;
  readonly seed: Seed;
  readonly plan: PlanDocument;
  /** Methods of the requests of the smooth apply. */
  readonly requests: readonly string[];
  readonly goal: string;
};

/** Applies both files; every case starts from between the two. */
export async function groundOf(scenario: Scenario): Promise<Ground> {
  const { seed, before: config, env } = scenario;
  const between = await withBench({ seed, config, env }, async (bench) => {
    await expectDone(bench, 'apply', '--auto-approve');
    return reseeded(bench.sandbox.snapshot());
  });
  return withBench(secondOf(scenario, between), async (bench) => {
    const plan = JSON.parse(await expectDone(bench, 'plan', '--format', 'json')) as PlanDocument;
    await expectDone(bench, 'apply', '--approve', plan.digest);
    const requests = bench.sandbox.requests.map(({ method }) => method);
    return { scenario, seed: between, plan, requests, goal: stateOf(bench.sandbox.snapshot()) };
  });
}

/** Between the two files, with the second one. */
export function secondOf({ after: config, env, changed }: Scenario, seed: Seed): Setting {
  return { seed, config, env: { ...env, ...changed } };
}

/** Everything that two runs must agree on: the workspace and what is remembered of it. */
export function stateOf(snapshot: Snapshot): string {
  return JSON.stringify({ told: told(snapshot), remembered: remembered(snapshot) }, null, 1);
}

/** What is there twice that must be there once. */
export function twins({ destinations, registry_webhooks: webhooks }: Snapshot): readonly string[] {
  const names = destinations.map(({ display_name: name }) => name);
  const targets = webhooks.map(({ id: _id, fired: _fired, ...rest }) => nameOf(rest));
  return [...names, ...targets].filter((name, at, all) => all.indexOf(name) !== at);
}

export function recordFile({ files }: Snapshot): Snapshot['files'][number] | undefined {
  return files.find(({ path }) => path.endsWith('/default.json'));
}

async function expectDone(bench: Bench, ...argv: string[]): Promise<string> {
  const { code, out, err } = await bench.lakebell(...argv);
  if (code !== 0) throw new Error(`lakebell ${argv.join(' ')} ended with ${code}: ${out}${err}`);
  return out;
}

/** A workspace with names for the ids that it gave out, and without the record, so that two runs can be compared. */
function told(snapshot: Snapshot): unknown {
  const { destinations, registry_webhooks: webhooks, jobs, pipelines, alerts, files } = snapshot;
  const others = files.filter(({ path }) => path !== recordFile(snapshot)?.path);
  const whole = [...destinations, ...webhooks].map((object) =>
    JSON.parse(named(JSON.stringify(object), snapshot)),
  );
  const rest = JSON.parse(
    named(JSON.stringify({ jobs, pipelines, alerts, files: others }), snapshot),
    asSets,
  ) as object;
  return { whole: whole.map((object) => JSON.stringify(object)).sort(), ...rest };
}

/** Lists of recipients are sets, and those of ids are sent in the order of the ids. */
function asSets(key: string, value: unknown): unknown {
  return key.startsWith('on_') && Array.isArray(value)
    ? value.map((item) => JSON.stringify(item)).sort()
    : value;
}

/** What the record says of every object, without times, serials and fingerprints. */
function remembered(snapshot: Snapshot): unknown {
  const text = recordFile(snapshot)?.content ?? '{}';
  const { objects, intents, rules } = JSON.parse(named(text, snapshot), (_key, value: unknown) =>
    Array.isArray(value) ? value.map(String).sort() : value,
  ) as Pick<RecordDocument, 'objects' | 'intents' | 'rules'>;
  const plain = Object.entries(objects).map(([address, { secrets, ...object }]) => [
    address,
    {
      ...object,
      secrets: Object.fromEntries(Object.entries(secrets).map(([path, { label }]) => [path, label])),
    },
  ]);
  return { objects: Object.fromEntries(plain), intents, rules };
}

function named(text: string, { destinations, registry_webhooks: webhooks }: Snapshot): string {
  const names = [
    ...destinations.map(({ id, ...rest }) => [
      id,
      `${rest.display_name} ${Object.keys(rest.config).join(' ')}`,
    ]),
    ...webhooks.map(({ id, fired: _fired, ...rest }) => [id, nameOf(rest)]),
  ] as const;
  return names.reduce<string>((rest, [id, name]) => rest.replaceAll(String(id), `<${name}>`), text);
}

/** Webhooks have no name: a model and a target are what one of them is. */
function nameOf(webhook: Readonly<Record<string, unknown>>): string {
  const { model_name: model, http_url_spec: http, job_spec: job } = webhook;
  const { url, job_id: jobId } = { ...(http as object), ...(job as object) } as Record<string, unknown>;
  return `${String(model)} to ${String(url ?? jobId)}`;
}

/** A new workspace counts its ids from the start again, so those that were given out make room. */
function reseeded(snapshot: Snapshot): Seed {
  const ids = [...snapshot.destinations, ...snapshot.registry_webhooks].map(({ id }) => id);
  const text = ids.reduce<string>((rest, id, at) => {
    const other = `bbbbbbbb-0000-4000-8000-${String(at).padStart(12, '0')}`;
    return rest.replaceAll(id, id.includes('-') ? other : other.replaceAll('-', ''));
  }, JSON.stringify(snapshot));
  return JSON.parse(text) as Seed;
}
