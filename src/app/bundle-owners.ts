import { type BundleOwner, readOwner, unknownOwner } from '../core/bundle.ts';
import type { Blocked, Change, Owner } from '../core/change.ts';
import type { Directory } from '../core/directory.ts';
import { type Who, bundleSnippet } from '../config/bundle-snippet.ts';
import { type MetadataFile, readMetadataFiles } from '../engine/bundle-metadata.ts';
import type { ApiClient } from '../kinds/client.ts';
import { KINDS } from '../kinds/index.ts';

/** Changes that a bundle is in the way of, with whose bundle it is and what to paste there. */
export async function withOwners(
  client: ApiClient,
  changes: readonly Change[],
  directory: Directory,
): Promise<readonly Change[]> {
  const paths = changes.flatMap((change) => (isBundled(change) ? pathsOf(change) : []));
  const files = await readMetadataFiles(client, paths);
  return changes.map((change) =>
    isBundled(change) ? { ...change, owner: ownerOf(change, files, directory) } : change,
  );
}

function isBundled(change: Change): change is Blocked {
  return change.verb === 'blocked' && change.obstacle.reason === 'bundle';
}

function pathsOf({ withheld }: Blocked): readonly string[] {
  return withheld?.metadataPath === undefined ? [] : [withheld.metadataPath];
}

function ownerOf(change: Blocked, files: ReadonlyMap<string, MetadataFile>, directory: Directory): Owner {
  const [path] = pathsOf(change);
  const file = path === undefined ? { why: 'it names no metadata file' } : files.get(path);
  const owner = read(change, file);
  return { ...owner, snippet: snippetOf(change, owner, directory) };
}

function read({ kind, id }: Blocked, file: MetadataFile | undefined): BundleOwner {
  if (file === undefined || 'why' in file) return unknownOwner(file?.why ?? 'it was not read');
  return readOwner(file.text, { section: sectionOf(kind), id: id ?? '' });
}

function snippetOf(
  { kind: name, display, withheld }: Blocked,
  { key }: BundleOwner,
  directory: Directory,
): string | null {
  const kind = KINDS.find((one) => one.name === name);
  if (kind?.bundleBlock === undefined || withheld === undefined) return null;
  const block = kind.bundleBlock(withheld.paths, withheld.target);
  const who: Who = {
    idOf: ({ to }) => directory.idOf(to),
    nameOf: (ref) => directory.nameOf(ref.kind, ref.id),
  };
  return bundleSnippet({ section: sectionOf(name), key, name: display, block, who });
}

/** A bundle calls its sections as we do. */
function sectionOf(name: string): string {
  return KINDS.find((kind) => kind.name === name)?.section ?? '';
}
