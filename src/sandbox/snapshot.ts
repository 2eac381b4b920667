import type { Group } from './group.ts';
import { copyJson, copyObject } from './json.ts';
import type { Pipeline } from './pipeline.ts';
import type { RegistryWebhook } from './registry-webhook.ts';
import type {
  Seed,
  SeedDestination,
  SeedFile,
  SeedGroup,
  SeedIdentity,
  SeedJob,
  SeedPipeline,
  SeedRegistryWebhook,
} from './seed.ts';
import type { Identity } from './identity.ts';
import type { Destination, Job, Workspace } from './workspace.ts';

/** The whole state in the form of a seed, sorted by id, without times: equal workspaces give equal snapshots. */
export type Snapshot = Required<Omit<Seed, 'azure'>> &
  Pick<Seed, 'azure'> & {
    readonly workspace_id: string;
    readonly account_id: string;
    readonly destinations: readonly Required<SeedDestination>[];
    readonly jobs: readonly (Required<SeedJob> & { readonly job_id: string })[];
    readonly pipelines: readonly Omit<SeedPipeline, 'last_modified'>[];
    readonly registry_webhooks: readonly WebhookSnapshot[];
  };

type WebhookSnapshot = SeedRegistryWebhook & { readonly id: string; readonly fired: readonly string[] };

/** Shares nothing with the workspace; secrets are included. */
export function snapshotOf(workspace: Workspace): Snapshot {
  return {
    workspace_id: workspace.id,
    account_id: workspace.accountId,
    federation: workspace.federation,
    ...(workspace.azure === undefined ? {} : { azure: workspace.azure }),
    has_metastore: workspace.hasMetastore,
    identities: workspace.identities.map(identityOf),
    groups: workspace.groups.map(groupOf),
    destinations: sorted(workspace.destinations.values()).map(destinationOf),
    jobs: sorted(workspace.jobs.values()).map(jobOf),
    pipelines: sorted(workspace.pipelines.values()).map(pipelineOf),
    registry_webhooks: sorted(workspace.registryWebhooks.values()).map(webhookOf),
    alerts: sorted(workspace.alerts.values()).map(({ alert }) => copyObject(alert)),
    dashboards: workspace.dashboards,
    files: filesOf(workspace),
  };
}

function destinationOf({ id, name, config }: Destination): Required<SeedDestination> {
  return { id, display_name: name, config: { [config.type]: copyJson(config.fields) } };
}

function jobOf(job: Job): Required<SeedJob> & { readonly job_id: string } {
  return {
    job_id: job.id,
    creator_user_name: job.creator,
    run_as_user_name: job.runAs,
    settings: copyObject(job.settings),
  };
}

function pipelineOf({ id, creator, runAs, parameters, spec }: Pipeline): Omit<SeedPipeline, 'last_modified'> {
  return {
    pipeline_id: id,
    creator_user_name: creator,
    ...(runAs === null ? {} : { run_as: copyObject(runAs) }),
    ...(parameters === null ? {} : { parameters: copyObject(parameters) }),
    spec: copyObject(spec),
  };
}

function webhookOf({ id, fields, fired }: RegistryWebhook): WebhookSnapshot {
  return { id, ...copyObject(fields), events: [...fields.events], fired: [...fired] };
}

function identityOf(identity: Identity): SeedIdentity {
  const { managedJobs, viewedJobs, managedPipelines, viewedPipelines, managedModels, client, azure } =
    identity;
  return {
    token: identity.token,
    user_name: identity.name,
    admin: identity.isAdmin,
    admin_by_nested_group: identity.isAdmin && !identity.isShownAsAdmin,
    can_read_system_tables: identity.canReadSystemTables,
    inactive: !identity.isActive,
    can_manage_jobs: managedJobs === 'all' ? 'all' : [...managedJobs],
    can_view_jobs: viewedJobs === 'all' ? 'all' : [...viewedJobs],
    can_manage_pipelines: managedPipelines === 'all' ? 'all' : [...managedPipelines],
    can_view_pipelines: viewedPipelines === 'all' ? 'all' : [...viewedPipelines],
    can_manage_models: managedModels === 'all' ? 'all' : [...managedModels],
    ...client,
    ...(azure === undefined ? {} : { azure }),
  };
}

function groupOf({ name, members, isNested, managedJobs, managedPipelines }: Group): SeedGroup {
  return {
    name,
    members: [...members],
    is_nested: isNested,
    can_manage_jobs: managedJobs === 'all' ? 'all' : [...managedJobs],
    can_manage_pipelines: managedPipelines === 'all' ? 'all' : [...managedPipelines],
  };
}

function filesOf(workspace: Workspace): readonly SeedFile[] {
  return workspace.files
    .all()
    .filter((node) => node.type !== 'DIRECTORY')
    .map((node) => ({ path: node.path, content: node.content.toString('utf8') }));
}

function sorted<T extends { readonly id: string }>(rows: readonly T[]): readonly T[] {
  return [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
}
