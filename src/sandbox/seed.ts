import type { Json, JsonObject } from './json.ts';

/** What a workspace holds at the start, as JSON; everything may be left out. Ids may be written as text. */
export type Seed = {
  readonly workspace_id?: Json;
  /** What its metadata give as the audience of identity tokens. */
  readonly account_id?: string;
  /** Whose identity tokens say who signs in, by user name, without a client id. */
  readonly federation?: readonly Omit<SeedFederation, 'subject'>[];
  /** Makes it a workspace on Azure. */
  readonly azure?: SeedAzure;
  /** Whether it is attached to Unity Catalog; default true. */
  readonly has_metastore?: boolean;
  /** Default: the token `sandbox-token` of the admin `admin@sandbox.test`. */
  readonly identities?: readonly SeedIdentity[];
  readonly groups?: readonly SeedGroup[];
  readonly destinations?: readonly SeedDestination[];
  readonly jobs?: readonly SeedJob[];
  readonly pipelines?: readonly SeedPipeline[];
  readonly registry_webhooks?: readonly SeedRegistryWebhook[];
  /** AlertV2 objects. */
  readonly alerts?: readonly JsonObject[];
  readonly dashboards?: readonly SeedDashboard[];
  readonly files?: readonly SeedFile[];
};

export type SeedAzure = {
  /** Of Entra ID; `/aad/auth` tells it. */
  readonly tenant_id: string;
  /** `/subscriptions/…`, for who comes in without being in the workspace. */
  readonly resource_id?: string;
};

export type SeedIdentity = {
  readonly token: string;
  readonly user_name: string;
  readonly admin?: boolean;
  /** Whether an admin is one through a nested group, which SCIM does not show; default false. */
  readonly admin_by_nested_group?: boolean;
  /** Default: admins may. */
  readonly can_read_system_tables?: boolean;
  /** Whether it was switched off; default false. */
  readonly inactive?: boolean;
  /** Jobs that a non-admin has CAN_MANAGE on, besides those that it created; default none. */
  readonly can_manage_jobs?: 'all' | readonly Json[];
  /** Jobs that a non-admin sees, besides those that it manages; default all. */
  readonly can_view_jobs?: 'all' | readonly Json[];
  /** Pipelines that a non-admin has CAN_MANAGE on, besides those that it created; default none. */
  readonly can_manage_pipelines?: 'all' | readonly string[];
  /** Pipelines that a non-admin sees, besides those that it manages; default all. */
  readonly can_view_pipelines?: 'all' | readonly string[];
  /** Models of the Workspace Model Registry that a non-admin has CAN_MANAGE on; default none. */
  readonly can_manage_models?: 'all' | readonly string[];
  /** A service principal's application id, with which it obtains tokens that end. */
  readonly client_id?: string;
  readonly client_secret?: string;
  /** Whose identity tokens are as good as the secret. */
  readonly federation?: readonly SeedFederation[];
  readonly azure?: SeedAzureIdentity;
};

export type SeedAzureIdentity = {
  /** Its application id in Entra ID. */
  readonly client_id: string;
  readonly client_secret?: string;
  /** Whether the machine's metadata service gives tokens of it; default no. */
  readonly managed?: boolean;
  /** Who is not in it needs both headers of Azure with every request; default yes. */
  readonly in_workspace?: boolean;
};

/** What its members may do besides. */
export type SeedGroup = {
  readonly name: string;
  /** By `user_name`. */
  readonly members: readonly string[];
  /** Whether they are members through another group, which SCIM does not show; default false. */
  readonly is_nested?: boolean;
  readonly can_manage_jobs?: 'all' | readonly Json[];
  readonly can_manage_pipelines?: 'all' | readonly string[];
};

/** All must be exactly so; `audience` is the account's id by default. */
export type SeedFederation = {
  readonly issuer: string;
  readonly subject: string;
  readonly audience?: string;
};

export type SeedDestination = {
  readonly id?: string;
  readonly display_name: string;
  readonly config: JsonObject;
};

export type SeedJob = {
  readonly job_id: Json;
  readonly creator_user_name?: string;
  readonly run_as_user_name?: string;
  readonly settings: JsonObject;
};

export type SeedPipeline = {
  readonly pipeline_id: string;
  readonly creator_user_name?: string;
  readonly run_as?: JsonObject;
  readonly parameters?: JsonObject;
  /** Milliseconds since 1970; default now. */
  readonly last_modified?: Json;
  readonly spec: JsonObject;
};

/** A webhook of the Workspace Model Registry as it is sent to the API: one of `http_url_spec` and `job_spec`, … */
export type SeedRegistryWebhook = JsonObject & {
  readonly id?: string;
  readonly events: readonly string[];
  /** The events that tests have sent, oldest first. */
  readonly fired?: readonly string[];
};

export type SeedDashboard = {
  readonly dashboard_id: string;
  readonly display_name?: string;
  readonly schedules?: readonly SeedSchedule[];
};

export type SeedSchedule = { readonly schedule_id: string; readonly subscriptions?: readonly JsonObject[] };

export type SeedFile = { readonly path: string; readonly content: string };
