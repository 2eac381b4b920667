import type { Finished, Machine } from '../../src/databricks/auth/machine.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import { GITHUB_ISSUER, type IdTokens, SUBJECT } from './id-tokens.ts';
import { BARE_MACHINE } from './machine.ts';

/** What a run has to sign in with, by one method. */
export type SignInKit = {
  /** Without a host. */
  readonly env: Readonly<Record<string, string>>;
  readonly machine: Machine;
  /** Programs that were run, and files that were read. */
  readonly ran: readonly string[];
};

export const SECRETS = {
  token: 'dapi-of-the+run/that-is=watched',
  clientSecret: 'client-secret+of/the=watched-run',
  azureSecret: 'Q~8client+secret/of=entra-id',
  requestToken: 'request-token-of-the-runner',
} as const;

const CLIENT_ID = '0f3a9c1e-77d2-4a51-9a8e-3c5b2f60d1aa';
const TENANT = '7a1c0de0-1111-4222-8333-944445555666';
const ACCOUNT_ID = 'c1c1c1c1-0000-4000-8000-00000000acc7';

/** A workspace of an admin that every method signs in as; on Azure as well. */
export const WATCHED: Seed = {
  account_id: ACCOUNT_ID,
  azure: { tenant_id: TENANT },
  identities: [
    {
      token: SECRETS.token,
      user_name: CLIENT_ID,
      admin: true,
      client_id: CLIENT_ID,
      client_secret: SECRETS.clientSecret,
      federation: [{ issuer: GITHUB_ISSUER, subject: SUBJECT }],
      azure: { client_id: CLIENT_ID, client_secret: SECRETS.azureSecret, managed: true },
    },
  ],
};

type Services = { readonly idTokens: IdTokens; readonly workspaceUrl: string };

type Parts = {
  readonly env: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly programs?: (command: string) => string | undefined;
};

const PRINCIPAL = { DATABRICKS_CLIENT_ID: CLIENT_ID };
const AZURE = { DATABRICKS_CLOUD: 'Azure' };
const TOKEN_FILE = '/run/secrets/id-token';

const KITS: Readonly<Record<string, (services: Services) => Parts>> = {
  pat: () => ({ env: { DATABRICKS_TOKEN: SECRETS.token } }),
  'oauth-m2m': () => ({ env: { ...PRINCIPAL, DATABRICKS_CLIENT_SECRET: SECRETS.clientSecret } }),
  'databricks-cli': () => ({ env: {}, programs: databricksCli }),
  'github-oidc': ({ idTokens }) => ({ env: { ...PRINCIPAL, ...idTokens.env } }),
  'env-oidc': ({ idTokens }) => ({
    env: { ...PRINCIPAL, DATABRICKS_OIDC_TOKEN: idTokens.mint(ACCOUNT_ID) },
  }),
  'file-oidc': ({ idTokens }) => ({
    env: { ...PRINCIPAL, DATABRICKS_OIDC_TOKEN_FILEPATH: TOKEN_FILE, DATABRICKS_AUTH_TYPE: 'file-oidc' },
    files: { [TOKEN_FILE]: `${idTokens.mint(ACCOUNT_ID)}\n` },
  }),
  'azure-msi': ({ workspaceUrl }) => ({
    env: { ...AZURE, ARM_USE_MSI: 'true', AZURE_POD_IDENTITY_AUTHORITY_HOST: workspaceUrl },
  }),
  'azure-client-secret': ({ workspaceUrl }) => ({
    env: {
      ...AZURE,
      ARM_CLIENT_ID: CLIENT_ID,
      ARM_CLIENT_SECRET: SECRETS.azureSecret,
      ARM_TENANT_ID: TENANT,
      AZURE_AUTHORITY_HOST: workspaceUrl,
    },
  }),
  'azure-cli': () => ({ env: { ...AZURE, ARM_TENANT_ID: TENANT }, programs: azureCli }),
};

export const METHODS: readonly string[] = Object.keys(KITS);

export function signInKit(method: string, services: Services): SignInKit {
  const parts = KITS[method]?.(services);
  if (parts === undefined) throw new Error(`nothing is known of ${method}`);
  const ran: string[] = [];
  const machine: Machine = {
    readText: (path) => {
      ran.push(path);
      return Promise.resolve(parts.files?.[path]);
    },
    run: (program, args) => {
      ran.push([program, ...args].join(' '));
      const out = parts.programs?.(ran.at(-1) ?? '');
      return out === undefined ? BARE_MACHINE.run(program, args) : Promise.resolve(finished(out));
    },
  };
  return { env: parts.env, machine, ran };
}

function finished(out: string): Finished {
  return { code: 0, out, err: '' };
}

function databricksCli(command: string): string | undefined {
  if (command === 'databricks version') return 'Databricks CLI v0.296.0\n';
  if (!command.startsWith('databricks auth token')) return undefined;
  return JSON.stringify({
    access_token: SECRETS.token,
    token_type: 'Bearer',
    expiry: '2099-01-01T00:00:00Z',
  });
}

function azureCli(command: string): string | undefined {
  if (command.startsWith('az account show')) return JSON.stringify({ user: { name: 'ann', type: 'user' } });
  if (!command.startsWith('az account get-access-token')) return undefined;
  return JSON.stringify({ accessToken: SECRETS.token, expires_on: 4_070_908_800, tokenType: 'Bearer' });
}
