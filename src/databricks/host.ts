import { SettingsError } from '../core/errors.ts';

/** A workspace's address, checked and normalised; equal hosts have equal origins. */
export type Host = {
  readonly origin: string;
  readonly hostname: string;
  /** Empty for the scheme's default port. */
  readonly port: string;
};

/**
 * `https://` is added where no scheme is given; path and query are dropped (host-ids.ts reads `?o=…`).
 * @param from where it was written, for the message, for example `DATABRICKS_HOST`
 * @throws SettingsError for anything that programs could read in two ways, and for plain http outside loopback.
 */
export function parseHost(text: string, from: string): Host {
  const url = readUrl(text.trim());
  if (url === undefined) throw malformed(from);
  const { origin, hostname, port } = url;
  if (url.protocol === 'http:' && !isLoopback(hostname)) throw plain(from, hostname);
  return { origin, hostname, port };
}

/** `localhost`, 127.0.0.0/8 or `[::1]`, as `URL.hostname` spells them. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * May credentials go to a host that only the configuration file names? Databricks' own domains, loopback, and what
 * `allowed` lists: `host`, `host:port` or `*.domain`.
 */
export function isTrustedHost(host: Host, allowed: readonly string[]): boolean {
  if (isLoopback(host.hostname)) return true;
  return isDatabricks(host) || allowed.some((entry) => isAllowedBy(entry.trim().toLowerCase(), host));
}

/** The console of an account, which has no jobs and no destinations. */
export function isAccountHost(host: Host): boolean {
  return isDatabricks(host) && /^accounts(-dod)?\./.test(host.hostname);
}

/** Whether its name says that it is a workspace of Azure. */
export function isAzureHost({ hostname }: Pick<Host, 'hostname'>): boolean {
  return AZURE_DOMAINS.some((domain) => hostname.endsWith(`.${domain}`));
}

const AUTHORITY =
  /^(\[[0-9a-f:]+\]|(?=[^:]{1,253}(?::|$))[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)(?::(\d{1,5}))?$/;

const AZURE_DOMAINS = ['azuredatabricks.net', 'databricks.azure.us', 'databricks.azure.cn'] as const;

/** Where Databricks, and nobody else, gives out workspace names (the official SDKs' table of environments). */
const DATABRICKS_DOMAINS = [
  'cloud.databricks.com',
  'gcp.databricks.com',
  'cloud.databricks.us',
  'cloud.databricks.mil',
  ...AZURE_DOMAINS,
] as const;

function readUrl(text: string): URL | undefined {
  const [, scheme = 'https', authority = ''] = /^(?:(https?):\/\/)?([^/?#]*)/i.exec(text) ?? [];
  const [, name] = AUTHORITY.exec(authority.toLowerCase()) ?? [];
  const address = `${scheme}://${authority}`;
  if (name === undefined || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  // A name that the URL standard rewrites (127.1, 0x7f000001) is one that a reviewer would misread.
  return url.hostname === name ? url : undefined;
}

function isDatabricks(host: Host): boolean {
  return host.port === '' && DATABRICKS_DOMAINS.some((domain) => host.hostname.endsWith(`.${domain}`));
}

function isAllowedBy(entry: string, host: Host): boolean {
  const bare = entry.replace(/^https:\/\//, '').replace(/\/$/, '');
  const name = host.port === '' ? host.hostname : `${host.hostname}:${host.port}`;
  return /^\*\.[^*.]/.test(bare) ? name.endsWith(bare.slice(1)) : bare === name;
}

function malformed(from: string): SettingsError {
  return new SettingsError(`${from} is not the address of a workspace`, {
    hint: 'write it as https://<workspace host>, in ASCII, without user name or password',
  });
}

function plain(from: string, name: string): SettingsError {
  return new SettingsError(
    `${from} names ${name} with plain http, which would show the token to everybody on the way`,
    {
      hint: 'use https; plain http is for loopback only',
    },
  );
}
