import type { RecordDocument } from '../../src/core/record.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import type { Snapshot } from '../../src/sandbox/snapshot.ts';
import { type Bench, openBench } from '../support/cli.ts';

/** A workspace on which one file was applied and another one is about to be. */
export type Scenario = {
  readonly seed: Seed;
  readonly before: string;
  readonly after: string;
  /** Environment of the first apply, and what the second changes of it. */
  readonly env: Readonly<Record<string, string>>;
  readonly changed: Readonly<Record<string, string>>;
};

/** Applies the first file, and gives the workspace as it is then: every case starts from there. */
export async function prepare(scenario: Scenario): Promise<Seed> {
  const bench = await openBench({ seed: scenario.seed }, scenario.before);
  Object.assign(bench.env, scenario.env);
  const { code, out, err } = await bench.lakebell('apply', '--auto-approve');
  if (code !== 0) throw new Error(`the first apply failed: ${out}${err}`);
  return reseeded(bench.sandbox.snapshot());
}

/** A bench on the prepared workspace with the second file. */
export async function reopen(scenario: Scenario, seed: Seed): Promise<Bench> {
  const bench = await openBench({ seed }, scenario.after);
  Object.assign(bench.env, scenario.env, scenario.changed);
  return bench;
}

/** A workspace with names for the ids that it gave out, and without the record, so that two runs can be compared. */
export function told(snapshot: Snapshot): unknown {
  const { destinations, jobs, alerts, files } = snapshot;
  const others = files.filter(({ path }) => path !== recordFile(snapshot)?.path);
  const sorted = [...destinations].sort((a, b) => (a.display_name < b.display_name ? -1 : 1));
  const text = JSON.stringify({ destinations: sorted, jobs, alerts, files: others });
  return JSON.parse(named(text, snapshot), (key, value: unknown) =>
    // Lists of recipients are sets, and those of ids are sent in the order of the ids.
    key.startsWith('on_') && Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value,
  );
}

/** What the record says of every object, without times, serials and fingerprints. */
export function remembered(snapshot: Snapshot): unknown {
  const text = recordFile(snapshot)?.content ?? '{}';
  const { objects, intents } = JSON.parse(named(text, snapshot), (_key, value: unknown) =>
    Array.isArray(value) ? value.map(String).sort() : value,
  ) as Remembered;
  const plain = Object.entries(objects).map(([address, { secrets, ...object }]) => [
    address,
    {
      ...object,
      secrets: Object.fromEntries(Object.entries(secrets).map(([path, { label }]) => [path, label])),
    },
  ]);
  return { objects: Object.fromEntries(plain), intents };
}

/** Names that more than one destination carries. */
export function twins({ destinations }: Snapshot): readonly string[] {
  const names = destinations.map(({ display_name: name }) => name);
  return names.filter((name, at) => names.indexOf(name) !== at);
}

type Remembered = Pick<RecordDocument, 'objects' | 'intents'>;

function recordFile({ files }: Snapshot): Snapshot['files'][number] | undefined {
  return files.find(({ path }) => path.endsWith('/default.json'));
}

function named(text: string, { destinations }: Snapshot): string {
  return destinations.reduce<string>((rest, { id, display_name: name, config }) => {
    return rest.replaceAll(String(id), `<${name} ${Object.keys(config).join(' ')}>`);
  }, text);
}

/** A new workspace counts its ids from the start again, so those that were given out make room. */
function reseeded(snapshot: Snapshot): Seed {
  const text = snapshot.destinations.reduce<string>(
    (rest, { id }, at) =>
      rest.replaceAll(String(id), `bbbbbbbb-0000-4000-8000-${String(at).padStart(12, '0')}`),
    JSON.stringify(snapshot),
  );
  return JSON.parse(text) as Seed;
}
