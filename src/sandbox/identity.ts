import { type Group, jobSet, textSet } from './group.ts';
import type { Seed, SeedIdentity } from './seed.ts';

/** Who a token is and what it may do. */
export type Identity = {
  readonly token: string;
  readonly name: string;
  readonly isAdmin: boolean;
  /** False where SCIM shows no group that would say so. */
  readonly isShownAsAdmin: boolean;
  /** Besides `admins` and `users`. */
  readonly groups: readonly Group[];
  readonly canReadSystemTables: boolean;
  readonly isActive: boolean;
  readonly managedJobs: 'all' | ReadonlySet<string>;
  readonly viewedJobs: 'all' | ReadonlySet<string>;
  readonly managedPipelines: 'all' | ReadonlySet<string>;
  readonly viewedPipelines: 'all' | ReadonlySet<string>;
  /** Names of models in the Workspace Model Registry. */
  readonly managedModels: 'all' | ReadonlySet<string>;
  /** What it obtains tokens with, as in the seed. */
  readonly client: Pick<SeedIdentity, 'client_id' | 'client_secret' | 'federation'>;
  /** What it is in Entra ID, as in the seed. */
  readonly azure: SeedIdentity['azure'];
};

const DEFAULT_IDENTITY: SeedIdentity = {
  token: 'sandbox-token',
  user_name: 'admin@sandbox.test',
  admin: true,
};
/** Those of a seed, or the one that there is without any. */
export function identitiesOf(
  { identities = [DEFAULT_IDENTITY] }: Seed,
  groups: readonly Group[],
): readonly Identity[] {
  return identities.map((one) => identityOf(one, groups));
}

/** Whether a grant covers the object of this id or name. */
export function holds(granted: 'all' | ReadonlySet<string>, id: string): boolean {
  return granted === 'all' || granted.has(id);
}

function identityOf(seed: SeedIdentity, groups: readonly Group[]): Identity {
  return {
    token: seed.token,
    name: seed.user_name,
    ...standingOf(seed),
    groups: groups.filter(({ members }) => members.has(seed.user_name)),
    managedJobs: jobSet(seed.can_manage_jobs ?? []),
    viewedJobs: jobSet(seed.can_view_jobs ?? 'all'),
    managedPipelines: textSet(seed.can_manage_pipelines ?? []),
    viewedPipelines: textSet(seed.can_view_pipelines ?? 'all'),
    managedModels: textSet(seed.can_manage_models ?? []),
    client: clientOf(seed),
    azure: seed.azure,
  };
}

function standingOf({
  admin = false,
  admin_by_nested_group: isNested = false,
  can_read_system_tables: isReader = admin,
  inactive = false,
}: SeedIdentity): Pick<Identity, 'isAdmin' | 'isShownAsAdmin' | 'canReadSystemTables' | 'isActive'> {
  return {
    isAdmin: admin,
    isShownAsAdmin: admin && !isNested,
    canReadSystemTables: isReader,
    isActive: !inactive,
  };
}

function clientOf({ client_id, client_secret, federation }: SeedIdentity): Identity['client'] {
  return {
    ...(client_id === undefined ? {} : { client_id }),
    ...(client_secret === undefined ? {} : { client_secret }),
    ...(federation === undefined ? {} : { federation }),
  };
}
