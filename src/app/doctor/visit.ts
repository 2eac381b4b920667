import type { Credentials, CredentialSources } from '../../databricks/auth/resolve.ts';
import type { Connection } from '../../databricks/auth/sender.ts';
import type { DatabricksClient } from '../../databricks/client.ts';
import type { Identity } from '../../databricks/identity.ts';
import type { Reached } from '../../databricks/reach.ts';
import type { Host } from '../../host/host.ts';
import type { Loaded } from '../load.ts';
import type { CommonOptions } from '../options.ts';

/** Where a doctor is called to, and what is known before anything is asked. */
export type Visit = {
  readonly host: Host;
  readonly options: CommonOptions;
  /** Undefined where there is no configuration, or a wrong one. */
  readonly loaded: Loaded | undefined;
  readonly sources: CredentialSources;
  /** For requests without credentials of the workspace. */
  readonly connection: Connection;
};

/** The workspace, once signed in. */
export type Ward = Visit & {
  readonly credentials: Credentials;
  /** Refuses everything but GET. */
  readonly client: DatabricksClient;
  readonly person: Person;
  readonly reached: Reached | undefined;
};

/** Who is signed in. `isAdmin`: also through nested groups; undefined where that cannot be found out. */
export type Person = Omit<Identity, 'isAdmin'> & {
  readonly isAdmin: boolean | undefined;
  readonly isActive: boolean;
};
