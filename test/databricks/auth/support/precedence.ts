import type { Secret } from '../../../../src/core/secret.ts';
import {
  type Credentials,
  type CredentialSources,
  resolveCredentials,
} from '../../../../src/databricks/auth/resolve.ts';
import { fakeTime } from '../../support/a-client.ts';
import { type MachineName, machineNamed } from './machines.ts';

/**
 * What is set, and what follows. `args` and `env` are words `name=value`; variables are written without their
 * `DATABRICKS_`.
 */
export type Row = {
  readonly args?: string;
  readonly env?: string;
  /** The profile file; there is none by default. */
  readonly file?: string;
  /** What is installed; nothing by default. */
  readonly on?: MachineName;
  readonly gives: Signed | Refused;
  /** Why it is not as in the Databricks SDKs. */
  readonly deviates?: string;
};

/** `method host`, and where the secret, the host and the workspace's id come from. */
export type Signed = {
  readonly as: string;
  readonly by?: string;
  readonly at?: string;
  readonly workspace?: string;
};

export type Refused = { readonly says: string };

export function titleOf({ args = '', env = '', file, on, gives, deviates }: Row): string {
  const given = [args, env, file === undefined ? '' : 'a profile file', on ?? ''].filter((one) => one !== '');
  const result = 'as' in gives ? gives.as : gives.says;
  return `${given.join(' + ') || 'nothing'} gives ${result}${deviates === undefined ? '' : ` (${deviates})`}`;
}

/** What is found, as far as the row says something about it. */
export async function outcomeOf(row: Row): Promise<Signed> {
  const credentials = await resolveCredentials(sourcesOf(row));
  const { authType, host, source } = credentials;
  const { by, at, workspace: expected } = 'as' in row.gives ? row.gives : {};
  return {
    as: `${authType} ${host}`,
    ...(by === undefined ? {} : { by: source.token }),
    ...(at === undefined ? {} : { at: source.host }),
    ...(expected === undefined ? {} : { workspace: String(await workspaceOf(credentials)) }),
  };
}

async function workspaceOf({ headers }: Credentials): Promise<string | Secret | undefined> {
  return (await headers?.())?.['x-databricks-workspace-id'];
}

function sourcesOf({ args = '', env = '', file, on = 'a bare machine' }: Row): CredentialSources {
  const given = wordsOf(args);
  const variables = [...wordsOf(env)].map(([name, value]) => [
    /^(ARM|ACTIONS|GOOGLE|MY|GITHUB)/.test(name) ? name : `DATABRICKS_${name}`,
    value,
  ]);
  return {
    hostOption: given.get('host'),
    tokenOption: given.get('token'),
    clientIdOption: given.get('client-id'),
    clientSecretOption: given.get('client-secret'),
    authTypeOption: given.get('auth-type'),
    profileOption: given.get('profile'),
    env: Object.fromEntries(variables),
    readProfileFile: () => file,
    allowedHosts: [],
    connection: { ...fakeTime(), random: () => 0 },
    machine: machineNamed(on).machine,
    userAgent: () => 'lakebell/0',
  };
}

function wordsOf(text: string): ReadonlyMap<string, string> {
  const words = text.split(' ').filter((word) => word !== '');
  return new Map(words.map((word) => [word.split('=')[0] ?? '', word.replace(/^[^=]*=/, '')]));
}
