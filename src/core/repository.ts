/** A repository as people and links name it, without whatever signs in to it. */
export type Repository = {
  /** `host/path`, for example `github.com/acme/etl`. */
  readonly name: string;
  /** Its web page; null where there is none that can be told. */
  readonly url: string | null;
};

const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?$/i;
const PATH = /^[^\s\p{C}\\]+$/u;
/** `git@github.com:acme/etl.git`. */
const SCP = /^(?:[^@/]+@)?(?<host>[^@/:]+):(?<path>[^/].*)$/u;
const WEB = 'https:';
const SHELL: ReadonlySet<string> = new Set(['ssh:', 'git:', 'git+ssh:', 'scp:']);
const SCHEMES: ReadonlySet<string> = new Set([WEB, 'http:', ...SHELL]);
/** Hosts that answer git alone; the page is on another one. */
const GIT_ONLY = /^(?:ssh|vs-ssh|altssh)\./i;

/** What a git remote names; null for a path on a disk and for whatever else is none. User, password and query are dropped. */
export function repositoryOf(origin: string): Repository | null {
  const { scheme, host, path } = URL.canParse(origin) ? partsOf(new URL(origin)) : scpParts(origin);
  const name = path.replace(/^\/+|\/+$/gu, '').replace(/\.git$/u, '');
  if (!SCHEMES.has(scheme) || !HOST.test(host) || !PATH.test(name)) return null;
  return { name: `${host}/${name}`, url: urlOf(scheme, host, name) };
}

type Parts = { readonly scheme: string; readonly host: string; readonly path: string };

function partsOf({ protocol, host, pathname }: URL): Parts {
  // `host.test:acme/etl` parses too, with the host as its scheme.
  return host === '' ? scpParts(`${protocol}${pathname}`) : { scheme: protocol, host, path: pathname };
}

function scpParts(origin: string): Parts {
  const { host = '', path = '' } = SCP.exec(origin)?.groups ?? {};
  return { scheme: 'scp:', host, path: path.replace(/[?#].*$/u, '') };
}

/** A port of ssh is none of the web. */
function urlOf(scheme: string, host: string, name: string): string | null {
  if (scheme === WEB) return `https://${host}/${name}`;
  if (!SHELL.has(scheme) || GIT_ONLY.test(host)) return null;
  return `https://${host.replace(/:\d+$/u, '')}/${name}`;
}

/** The page of a file as it was at a commit, where the host's way to name one is known; else the repository's. */
export function pageOf(repository: Repository, commit: string | null, file: string | null): string | null {
  const { url } = repository;
  if (url === null || commit === null || file === null) return url;
  const place = `${commit}/${file.split('/').map(encodeURIComponent).join('/')}`;
  const { host } = new URL(url);
  if (host === 'github.com') return `${url}/blob/${place}`;
  return host.startsWith('gitlab.') ? `${url}/-/blob/${place}` : url;
}
