import type { Change, FieldChange, Update } from '../../src/core/change.ts';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import type { DiffContext } from '../../src/core/diff.ts';
import { type Directory, directoryOf } from '../../src/core/directory.ts';
import type { Entry } from '../../src/core/entry.ts';
import type { KindTraits, PlanContext, Policy } from '../../src/core/plan-parts.ts';
import type { RecordDocument, RecordedObject } from '../../src/core/record.ts';
import type { Observed, Resource, Wish } from '../../src/core/resource.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Spec, Value } from '../../src/core/value.ts';
import { desire } from '../../src/engine/desired.ts';
import { KINDS } from '../../src/kinds/index.ts';
import type { Kind } from '../../src/kinds/kind.ts';

export const WORKSPACE = '4242';
export const SOURCE = { file: 'notifications.yml', line: 1, column: 1 };
export const UUID_A = 'aaaaaaaa-0000-4000-8000-000000000001';
export const UUID_B = 'bbbbbbbb-0000-4000-8000-000000000002';

export function exact(value: Value): Wish {
  return { mode: 'exact', value };
}

export function ensure(value: Value): Wish {
  return { mode: 'ensure', value };
}

/** `(secret NAME)`; without a text it is unavailable. */
export function aSecret(name: string, text: string | undefined = `the value of ${name}`): Secret {
  return Secret.of(`(secret ${name})`, [name], text);
}

export function unset(name: string): Secret {
  return Secret.of(`(secret ${name})`, [name], undefined);
}

export function kindNamed(name: string): Kind {
  const kind = KINDS.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`there is no kind ${name}`);
  return kind;
}

/** Sections of a configuration as canonical resources, by address; made by the kinds themselves. */
export function declare(sections: Record<string, Record<string, Entry>>): {
  readonly resources: readonly Resource[];
  readonly diagnostics: readonly Diagnostic[];
} {
  return desire({ sections, positionOf: () => SOURCE }, KINDS);
}

/** One entry of `destinations` as a resource; a Slack one with a secret URL unless it says otherwise. */
export function aDestination(
  key = 'team-slack',
  entry: Entry = { slack: { url: aSecret('SLACK') } },
): Resource {
  return one(declare({ destinations: { [key]: entry } }).resources);
}

/** One entry of `jobs` as a resource; destinations `team-slack`, `pagerduty` and `leads` may be named. */
export function aJob(
  key = 'etl',
  entry: Entry = { notify: { on_failure: ['oncall@company.test'] } },
): Resource {
  const names = { keysOf: () => ['team-slack', 'pagerduty', 'leads', 'second', 'third'] };
  const address = `job/${key}`;
  return { ...kindNamed('job').resolve(key, entry, names), kind: 'job', key, address, source: SOURCE };
}

/** What is live, straight from a spec. */
export function anObserved(parts: Partial<Observed> = {}): Observed {
  return {
    id: UUID_A,
    name: 'team-slack',
    traits: {},
    spec: {},
    gaps: [],
    obstacles: [],
    uses: [],
    ...parts,
  };
}

/** A destination as an admin reads it. */
export function aLiveDestination(
  id: string,
  name: string,
  config: Record<string, Record<string, unknown>>,
): Observed {
  const [type = ''] = Object.keys(config);
  const types: Record<string, string> = { generic_webhook: 'WEBHOOK' };
  const raw = { id, display_name: name, destination_type: types[type] ?? type.toUpperCase(), config };
  return kindNamed('destination').observe(JSON.parse(JSON.stringify(raw)) as never);
}

export function aLiveJob(id: string, name: string, settings: Record<string, unknown> = {}): Observed {
  const raw = { job_id: id, settings: { name, ...settings } };
  return kindNamed('job').observe(JSON.parse(JSON.stringify(raw)) as never);
}

/** An object on record as one of our applies left it. */
export function aRecorded(resource: Resource, parts: Partial<RecordedObject> = {}): RecordedObject {
  return {
    kind: resource.kind,
    key: resource.key,
    id: UUID_A,
    name: resource.name,
    traits: resource.traits,
    statement: 'sha256:0',
    applied: {},
    added: {},
    before: {},
    secrets: {},
    ...parts,
  };
}

/** The secrets of a destination on record, each under its reference. */
export function recordedSecrets(labels: Record<string, string>): RecordedObject['secrets'] {
  return Object.fromEntries(
    Object.entries(labels).map(([path, label]) => [
      path,
      { label: `(secret ${label})`, fingerprint: null, applied_at: '2026-01-01T00:00:00.000Z' },
    ]),
  );
}

export function aRecord(
  objects: Record<string, RecordedObject> = {},
  parts: Partial<RecordDocument> = {},
): RecordDocument {
  return {
    format_version: '1.0',
    tool: { name: 'lakebell', version: '0.1.0' },
    lineage: '0b7f3f5e-2f57-4a8a-9d1e-3f1f3c1c9a10',
    serial: 1,
    config: 'notifications',
    target: null,
    workspace_id: WORKSPACE,
    updated_at: '2026-01-01T00:00:00.000Z',
    identity: 'sp-apply',
    objects,
    intents: {},
    approval: null,
    guards: {},
    jobs_seen: null,
    history: [],
    ...parts,
  };
}

/**
 * `ids`: address -> id of declared objects; `listed`: id -> name of every live destination, where all were listed;
 * `recorded`: id -> address of destinations on record.
 */
export function aDirectory(
  ids: Record<string, string> = {},
  listed?: Record<string, string>,
  recorded: Record<string, string> = {},
): Directory {
  return directoryOf({
    recorded: new Map(Object.entries(recorded).map(([id, address]) => [`destination/${id}`, address])),
    names: new Map(listed === undefined ? [] : [['destination', new Map(Object.entries(listed))]]),
    complete: new Set(listed === undefined ? [] : ['destination']),
    ids: new Map(Object.entries(ids)),
  });
}

export function aDiffContext(parts: Partial<DiffContext> = {}): DiffContext {
  return {
    rules: kindNamed('destination').rules,
    directory: aDirectory(),
    recorded: undefined,
    compareSecret: () => 'unknown',
    rotation: 'auto',
    ...parts,
  };
}

export function aPolicy(parts: Partial<Policy> = {}): Policy {
  return {
    prune: false,
    rotation: 'auto',
    isRotated: () => false,
    isReplaced: () => false,
    lenience: {},
    ...parts,
  };
}

export function traitsOf(name: string): KindTraits | undefined {
  const kind = KINDS.find((candidate) => candidate.name === name);
  return kind === undefined
    ? undefined
    : {
        ownership: kind.ownership,
        rules: kind.rules,
        judge: (target, write) => kind.judge(target, write),
        audience: (spec: Spec) => kind.audience(spec),
      };
}

/** An empty record, the real kinds and nothing special asked for. */
export function aContext(parts: Partial<PlanContext> = {}): PlanContext {
  return {
    workspaceId: WORKSPACE,
    directory: aDirectory(),
    record: aRecord(),
    kindOf: traitsOf,
    policy: aPolicy(),
    compareSecret: () => 'same',
    ...parts,
  };
}

export function aField(parts: Partial<FieldChange> = {}): FieldChange {
  return {
    path: 'email_notifications.on_failure',
    before: null,
    after: ['oncall@company.test'],
    verdict: 'changed',
    isDrifted: false,
    isRotated: false,
    reason: null,
    ...parts,
  };
}

/** An update of a job, as the planner makes one. */
export function anUpdate(parts: Partial<Update> = {}): Update {
  const resource = parts.resource ?? aJob();
  const { key, kind, name: display, source } = resource;
  return {
    address: 'job/1',
    kind,
    key,
    display,
    source,
    fields: [aField()],
    requires: [],
    notes: [],
    verb: 'update',
    id: '1',
    op: 'sha256:1',
    resource,
    live: anObserved({ id: '1', name: display }),
    target: {},
    isRelease: false,
    ...parts,
  };
}

export function one<Item>(items: readonly Item[]): Item {
  const [only] = items;
  if (only === undefined || items.length !== 1) throw new Error(`expected one, got ${items.length}`);
  return only;
}

/** Verbs by address. */
export function verbsOf(changes: readonly Change[]): Record<string, string> {
  return Object.fromEntries(changes.map(({ address, verb }) => [address, verb]));
}
