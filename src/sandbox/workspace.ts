import { scatteredKey, uuidOf } from './arbitrary.ts';
import { type DestinationConfig, storedConfig } from './destination-config.ts';
import { FileTree, parentOf, treePath } from './file-tree.ts';
import { type Group, groupOf } from './group.ts';
import { identitiesOf, type Identity } from './identity.ts';
import { storedSettings } from './job-settings.ts';
import { integerText, isObject, type JsonObject, objectAt, textAt } from './json.ts';
import type { Listings } from './paging.ts';
import { type Pipeline, pipelineFrom } from './pipeline.ts';
import { type RegistryWebhook, storedWebhook, type WebhookFields } from './registry-webhook.ts';
import type {
  Seed,
  SeedDashboard,
  SeedDestination,
  SeedFile,
  SeedJob,
  SeedPipeline,
  SeedRegistryWebhook,
} from './seed.ts';
import { Table } from './table.ts';

export type Destination = {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly config: DestinationConfig;
  /** The first listing that shows it. */
  readonly visibleFrom: number;
};

export type Job = {
  readonly id: string;
  /** Sorts the newest first. */
  readonly key: string;
  readonly creator: string;
  readonly runAs: string;
  readonly createdMs: number;
  readonly settings: JsonObject;
};

export type Alert = { readonly id: string; readonly key: string; readonly alert: JsonObject };

/** A token that was obtained and ends. */
export type AccessToken = {
  readonly identity: Identity;
  readonly expiresMs: number;
  /** Whether it is for Azure's management and not for the workspace. */
  readonly isManagement?: boolean;
};

/** Everything that a simulated workspace holds. */
export type Workspace = {
  readonly id: string;
  readonly accountId: string;
  readonly federation: NonNullable<Seed['federation']>;
  /** There on Azure alone. */
  readonly azure: Seed['azure'];
  readonly hasMetastore: boolean;
  readonly identities: readonly Identity[];
  readonly groups: readonly Group[];
  readonly accessTokens: Map<string, AccessToken>;
  readonly destinations: Table<Destination>;
  readonly jobs: Table<Job>;
  readonly pipelines: Table<Pipeline>;
  readonly registryWebhooks: Table<RegistryWebhook>;
  readonly alerts: Table<Alert>;
  readonly dashboards: readonly SeedDashboard[];
  readonly files: FileTree;
  readonly listings: Listings;
  readonly counters: { made: number; reads: number };
  readonly now: () => number;
};

const FIRST_JOB_ID = 730_000_000_000_000n;

/** @param seed already checked. */
export function createWorkspace(seed: Seed, now: () => number): Workspace {
  const groups = (seed.groups ?? []).map(groupOf);
  const workspace: Workspace = {
    id: integerText(seed.workspace_id) ?? '7405600001234567',
    accountId: seed.account_id ?? '5f0e7c1a-2b3d-4c5e-8f90-a1b2c3d4e5f6',
    federation: seed.federation ?? [],
    azure: seed.azure,
    hasMetastore: seed.has_metastore ?? true,
    identities: identitiesOf(seed, groups),
    groups,
    accessTokens: new Map(),
    destinations: new Table(),
    jobs: new Table(),
    pipelines: new Table(),
    registryWebhooks: new Table(),
    alerts: new Table(),
    dashboards: seed.dashboards ?? [],
    files: new FileTree(now),
    listings: { destinations: 0, registry_webhooks: 0 },
    counters: { made: 0, reads: 0 },
    now,
  };
  fill(workspace, seed);
  return workspace;
}

/** The same ids whenever the same is done, different ones in every workspace. */
export function newId(workspace: Workspace, what: string): string {
  workspace.counters.made += 1;
  return uuidOf(`${workspace.id}/${what}/${workspace.counters.made}`);
}

export function newDestination(id: string, name: string, config: DestinationConfig): Destination {
  return { id, key: scatteredKey(id), name, config, visibleFrom: 0 };
}

/** @param id a new one when undefined. */
export function newJob(
  workspace: Workspace,
  settings: JsonObject,
  of: Partial<Pick<Job, 'id' | 'creator' | 'runAs'>>,
): Job {
  workspace.counters.made += 1;
  const { made } = workspace.counters;
  const creator = of.creator ?? workspace.identities[0]?.name ?? '';
  return {
    id: of.id ?? freeJobId(workspace, FIRST_JOB_ID + BigInt(made)),
    key: String(10 ** 12 - made),
    creator,
    runAs: of.runAs ?? runAsOf(settings) ?? creator,
    createdMs: workspace.now(),
    settings,
  };
}

export function seedJob(workspace: Workspace, job: SeedJob): Job {
  const made = newJob(workspace, storedSettings(job.settings), {
    id: integerText(job.job_id) ?? '',
    ...(job.creator_user_name === undefined ? {} : { creator: job.creator_user_name }),
    ...(job.run_as_user_name === undefined ? {} : { runAs: job.run_as_user_name }),
  });
  workspace.jobs.set(made.id, made);
  return made;
}

export function seedPipeline(workspace: Workspace, seed: SeedPipeline): Pipeline {
  workspace.counters.made += 1;
  const made = pipelineFrom(seed, {
    key: String(10 ** 12 - workspace.counters.made),
    creator: workspace.identities[0]?.name ?? '',
    lastModified: String(workspace.now()),
  });
  workspace.pipelines.set(made.id, made);
  return made;
}

/** @param fields already in the form in which the server keeps them. */
export function newRegistryWebhook(workspace: Workspace, id: string, fields: WebhookFields): RegistryWebhook {
  const nowMs = workspace.now();
  const key = scatteredKey(id);
  return { id, key, fields, createdMs: nowMs, updatedMs: nowMs, visibleFrom: 0, fired: [] };
}

/** The id of a webhook that is not in the seed is a new one, without dashes as all ids of that API. */
export function seedRegistryWebhook(workspace: Workspace, seed: SeedRegistryWebhook): RegistryWebhook {
  const { id = newWebhookId(workspace), fired = [], ...fields } = seed;
  const webhook = { ...newRegistryWebhook(workspace, id, storedWebhook(fields)), fired };
  workspace.registryWebhooks.set(id, webhook);
  return webhook;
}

export function newWebhookId(workspace: Workspace): string {
  return newId(workspace, 'registry webhook').replaceAll('-', '');
}

/** The identity that `settings.run_as` names. */
export function runAsOf(settings: JsonObject): string | undefined {
  const runAs = objectAt(settings, 'run_as');
  return textAt(runAs, 'user_name') ?? textAt(runAs, 'service_principal_name') ?? textAt(runAs, 'group_name');
}

/** Writes a file with its folders, whatever was there. */
export function placeFile(workspace: Workspace, path: string, content: string): void {
  const at = treePath(path);
  workspace.files.mkdirs(parentOf(at));
  workspace.files.write({ path: at, content: Buffer.from(content), type: 'FILE', overwrite: true });
}

function fill(workspace: Workspace, seed: Seed): void {
  for (const destination of seed.destinations ?? []) seedDestination(workspace, destination);
  fillRunnables(workspace, seed);
  for (const webhook of seed.registry_webhooks ?? []) seedRegistryWebhook(workspace, webhook);
  for (const alert of seed.alerts ?? []) seedAlert(workspace, alert);
  fillFiles(workspace, seed.files ?? []);
}

function fillRunnables(workspace: Workspace, { jobs = [], pipelines = [] }: Seed): void {
  for (const job of jobs) seedJob(workspace, job);
  for (const pipeline of pipelines) seedPipeline(workspace, pipeline);
}

function fillFiles(workspace: Workspace, files: readonly SeedFile[]): void {
  for (const { name } of workspace.identities) workspace.files.mkdirs(`/Users/${name}`);
  for (const file of files) placeFile(workspace, file.path, file.content);
}

function seedDestination(workspace: Workspace, seed: SeedDestination): void {
  const id = seed.id ?? newId(workspace, 'destination');
  workspace.destinations.set(id, newDestination(id, seed.display_name, storedConfig(seed.config)));
}

function seedAlert(workspace: Workspace, alert: JsonObject): void {
  const id = textAt(alert, 'id') ?? newId(workspace, 'alert');
  const key = String(workspace.alerts.values().length).padStart(8, '0');
  workspace.alerts.set(id, { id, key, alert: { ...alert, id, ...alertDefaults(alert) } });
}

/** Alerts are read back with explicit defaults. */
function alertDefaults(alert: JsonObject): JsonObject {
  const evaluation = objectAt(alert, 'evaluation');
  const notification = { notify_on_ok: false, retrigger_seconds: 0, ...objectAt(evaluation, 'notification') };
  return {
    lifecycle_state: textAt(alert, 'lifecycle_state') ?? 'ACTIVE',
    ...(isObject(alert['evaluation']) ? { evaluation: { ...evaluation, notification } } : {}),
    ...(isObject(alert['schedule'])
      ? { schedule: { pause_status: 'UNPAUSED', ...objectAt(alert, 'schedule') } }
      : {}),
  };
}

function freeJobId(workspace: Workspace, from: bigint): string {
  const id = String(from);
  return workspace.jobs.get(id) === undefined ? id : freeJobId(workspace, from + 1n);
}
