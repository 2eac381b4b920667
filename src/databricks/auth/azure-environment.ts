import { SettingsError } from '../../core/errors.ts';
import { isLoopback } from '../host.ts';
import type { Attribute, Attributes } from './attributes.ts';

/** One of Azure's clouds, as far as signing in to a workspace needs it. */
export type AzureEnvironment = {
  /** Of Entra ID, without a slash at the end. */
  readonly loginOrigin: string;
  /** The application that stands for Databricks. */
  readonly workspaceResource: string;
  /** What tokens for Azure's management are for; the slash at its end belongs to it. */
  readonly managementResource: string;
};

/**
 * By the host, else by ARM_ENVIRONMENT, else the public cloud.
 * @throws SettingsError for an ARM_ENVIRONMENT that is none, or an AZURE_AUTHORITY_HOST that cannot be
 */
export function azureEnvironmentOf(
  origin: string,
  { azureEnvironment, azureLogin }: Pick<Attributes, 'azureEnvironment' | 'azureLogin'>,
): AzureEnvironment {
  const { hostname } = new URL(origin);
  const zone = ZONES.find(({ suffix }) => hostname.endsWith(suffix));
  const cloud = zone?.cloud ?? cloudNamed(azureEnvironment) ?? CLOUDS.PUBLIC;
  return {
    loginOrigin: azureLogin === undefined ? cloud.login : originIn(azureLogin, []),
    workspaceResource: zone?.resource ?? WORKSPACE_RESOURCE,
    managementResource: cloud.management,
  };
}

/** @throws SettingsError for an AZURE_POD_IDENTITY_AUTHORITY_HOST that cannot be */
export function imdsOriginOf({ azureImds }: Pick<Attributes, 'azureImds'>): string {
  return azureImds === undefined ? IMDS_ORIGIN : originIn(azureImds, [IMDS_ORIGIN]);
}

/** Link-local: it never leaves the machine's own host, so plain http is what it speaks. */
const IMDS_ORIGIN = 'http://169.254.169.254';

type Cloud = { readonly login: string; readonly management: string };

const CLOUDS = {
  PUBLIC: {
    login: 'https://login.microsoftonline.com',
    management: 'https://management.core.windows.net/',
  },
  USGOVERNMENT: {
    login: 'https://login.microsoftonline.us',
    management: 'https://management.core.usgovcloudapi.net/',
  },
  CHINA: {
    login: 'https://login.chinacloudapi.cn',
    management: 'https://management.core.chinacloudapi.cn/',
  },
} as const satisfies Record<string, Cloud>;

const WORKSPACE_RESOURCE = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d';

type Zone = { readonly suffix: string; readonly cloud: Cloud; readonly resource: string };

/** The first that fits: Databricks' own zones lie below the general one. */
const ZONES: readonly Zone[] = [
  {
    suffix: '.dev.azuredatabricks.net',
    cloud: CLOUDS.PUBLIC,
    resource: '62a912ac-b58e-4c1d-89ea-b2dbfc7358fc',
  },
  {
    suffix: '.staging.azuredatabricks.net',
    cloud: CLOUDS.PUBLIC,
    resource: '4a67d088-db5c-48f1-9ff2-0aace800ae68',
  },
  { suffix: '.azuredatabricks.net', cloud: CLOUDS.PUBLIC, resource: WORKSPACE_RESOURCE },
  { suffix: '.databricks.azure.us', cloud: CLOUDS.USGOVERNMENT, resource: WORKSPACE_RESOURCE },
  { suffix: '.databricks.azure.cn', cloud: CLOUDS.CHINA, resource: WORKSPACE_RESOURCE },
];

/** The short names, and those of Azure's own tools. */
function cloudNamed(name: Attribute<string> | undefined): Cloud | undefined {
  if (name === undefined) return undefined;
  const folded = name.value.toUpperCase().replace(/^AZURE|CLOUD$/g, '');
  const found = Object.entries(CLOUDS).find(([known]) => known === folded);
  if (found !== undefined) return found[1];
  throw new SettingsError(`${name.from} names no cloud of Azure`, {
    hint: 'it is public, usgovernment or china',
  });
}

/** The secret goes there, or a token comes from there, so nobody on the way may read along. */
function originIn({ value, from }: Attribute<string>, plain: readonly string[]): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // Equal only where there is neither a user nor a path nor a query.
  if (url !== undefined && url.href === `${url.origin}/` && (isClosed(url) || plain.includes(url.origin)))
    return url.origin;
  throw new SettingsError(`${from} is not the address of a server with https`, {
    hint: 'write it as https://<host>; plain http is for loopback only',
  });
}

function isClosed({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}
