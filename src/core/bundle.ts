import { pageOf, repositoryOf } from './repository.ts';
import type { Observed } from './resource.ts';
import type { Item } from './value.ts';

/** What `deployment` of a job or a pipeline says; both are empty where it says nothing. */
export type Deployment = { readonly kind: string; readonly metadataPath: string };

/** Who deploys an object, as far as its bundle's metadata tell; null for what they do not. Every text is a stranger's. */
export type BundleOwner = {
  /** `host/path`, without credentials. */
  readonly repository: string | null;
  /** Of the file at that commit, or of the repository. */
  readonly url: string | null;
  readonly branch: string | null;
  readonly commit: string | null;
  /** From the repository's root. */
  readonly file: string | null;
  /** Under `resources.jobs` or `resources.pipelines`. */
  readonly key: string | null;
  /** Why nothing is known; null where something is. */
  readonly why: string | null;
};

/** What stands in a bundle's YAML under the key of one object; references become ids. */
export type BundleBlock = { readonly [key: string]: BundleValue };
export type BundleValue = Item | bigint | BundleBlock | readonly BundleValue[];

/** More than this is not read: the metadata of a thousand jobs take a tenth of it. */
export const MAX_METADATA_BYTES = 1024 * 1024;

/** Why an object must not be written because of who deployed it, and where it is told who that is. */
export function deployed(
  what: 'job' | 'pipeline',
  { kind, metadataPath }: Deployment,
): Pick<Observed, 'obstacles' | 'metadataPath'> {
  if (kind === 'SYSTEM_MANAGED') {
    const message = `Databricks itself manages this ${what}; its settings are read-only`;
    return { obstacles: [{ reason: 'system-managed', message }] };
  }
  if (kind !== 'BUNDLE') return { obstacles: [] };
  const message = `a bundle owns this ${what}, and its next deploy would undo our change`;
  const hint = 'change it in the bundle, or see `settings.bundle_jobs`';
  return {
    obstacles: [{ reason: 'bundle', message, hint }],
    ...(metadataPath === '' ? {} : { metadataPath }),
  };
}

const STATE_FILE = /^(?:\/(?!\.{1,2}\/)[^/\\\p{C}]+)+\/state\/metadata\.json$/u;
const LONGEST_PATH = 1_000;

/**
 * The path of a bundle's metadata as it is read, or null for any other path: whoever may edit a job may write any path into
 * it, and we would read that file with rights of ours and print what stands in it.
 */
export function statePath(path: string): string | null {
  // `/Workspace/x` and `/x` are one path.
  const short = path.replace(/^(?:\/Workspace)+(?=\/)/u, '');
  return short.length <= LONGEST_PATH && STATE_FILE.test(short) ? short : null;
}

export function unknownOwner(why: string): BundleOwner {
  return { repository: null, url: null, branch: null, commit: null, file: null, key: null, why };
}

/** One object that a bundle made: its section in the bundle's YAML, and its id. */
export type Made = { readonly section: string; readonly id: string };

/** The text of a metadata file -> who deploys an object. Nothing of a file is told that does not name that very object. */
export function readOwner(text: string, made: Made): BundleOwner {
  const metadata = parsed(text);
  if (metadata === undefined) return unknownOwner('its metadata file is not JSON');
  const odd = oddity(metadata, made.section);
  if (odd !== undefined) return unknownOwner(`its metadata file is not a bundle's: ${odd}`);
  const entries = Object.entries(objectAt(metadata, ['config', 'resources', made.section]));
  const named = entries.find(([, entry]) => valueAt(entry, ['id']) === made.id);
  return named === undefined
    ? unknownOwner('its metadata file does not name it')
    : ownerOf(metadata, named[0], named[1]);
}

function ownerOf(metadata: unknown, key: string, entry: unknown): BundleOwner {
  const told = (name: string): string => textAt(metadata, [...GIT, name]);
  const repository = repositoryOf(told('origin_url'));
  const commit = COMMIT.test(told('commit')) ? told('commit') : null;
  const file = fileOf(told('bundle_root_path'), textAt(entry, ['relative_path']));
  return {
    repository: repository?.name ?? null,
    url: repository === null ? null : pageOf(repository, commit, file),
    branch: told('branch') || null,
    commit,
    file,
    key,
    why: null,
  };
}

/** From the repository's root; null where it lies outside, or is not told. */
function fileOf(root: string, relative: string): string | null {
  const parts: string[] = [];
  for (const part of `${root}/${relative}`.split('/')) {
    if (part === '..' && parts.pop() === undefined) return null;
    if (part !== '' && part !== '.' && part !== '..') parts.push(part);
  }
  return relative === '' || relative.startsWith('/') || root.startsWith('/') ? null : parts.join('/');
}

// The layout of `databricks bundle deploy`: https://github.com/databricks/cli/blob/main/bundle/metadata/metadata.go. Its version
// has been 1 since the first; pipelines, `presets` and `extra` came later, and `bundle_root_path` is younger than `branch`.
const VERSION = 1;
const GIT = ['config', 'bundle', 'git'];
const GIT_TEXTS = ['origin_url', 'branch', 'commit', 'bundle_root_path'];
const COMMIT = /^[0-9a-f]{7,64}$/iu;
const KEY = /^[\w.-]{1,200}$/u;
const LONGEST_TEXT = 500;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What is not as the layout says; keys that it does not know may be there. */
function oddity(metadata: unknown, section: string): string | undefined {
  const objects = [[], ['config'], ['config', 'bundle'], GIT, ['config', 'resources']];
  const entries = ['config', 'resources', section];
  const faults = [
    ...[...objects, entries].map((path) => objectFault(metadata, path)),
    valueAt(metadata, ['version']) === VERSION ? undefined : `its version is not ${VERSION}`,
    ...GIT_TEXTS.map((name) => textFault(metadata, [...GIT, name])),
    ...Object.entries(objectAt(metadata, entries)).map(([key, entry]) => entryFault(key, entry, section)),
  ];
  return faults.find((fault) => fault !== undefined);
}

function entryFault(key: string, entry: unknown, section: string): string | undefined {
  if (!KEY.test(key)) return `a key under config.resources.${section} is none that a bundle may have`;
  const place = `config.resources.${section}.${key}`;
  if (!isObject(entry)) return `${place} is no object`;
  return textFault(entry, ['id'], place) ?? textFault(entry, ['relative_path'], place);
}

function objectFault(root: unknown, path: readonly string[]): string | undefined {
  const value = path.length === 0 ? root : (valueAt(root, path) ?? {});
  return isObject(value) ? undefined : `${path.join('.') || 'the whole'} is no object`;
}

function textFault(root: unknown, path: readonly string[], place = ''): string | undefined {
  const value = valueAt(root, path) ?? '';
  const name = [place, ...path].filter((part) => part !== '').join('.');
  if (typeof value !== 'string') return `${name} is no text`;
  return value.length > LONGEST_TEXT ? `${name} is longer than ${LONGEST_TEXT} characters` : undefined;
}

function textAt(root: unknown, path: readonly string[]): string {
  const value = valueAt(root, path);
  return typeof value === 'string' ? value : '';
}

function objectAt(root: unknown, path: readonly string[]): Readonly<Record<string, unknown>> {
  const value = valueAt(root, path);
  return isObject(value) ? value : {};
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    root,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
