import { stat as statOf, type PathLike, type Stats } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { glob } from 'tinyglobby';
import type { Reader } from './reader.ts';

/** Reads the disk. */
export const diskReader: Reader = {
  read: async (path) => decode(path, await readFile(path)),
  realPath: (path) => realpath(path),
  glob: (pattern, cwd) =>
    glob(pattern, {
      cwd,
      dot: false,
      expandDirectories: false,
      extglob: false,
      followSymbolicLinks: true,
      fs: { stat: statLinkedFile as typeof statOf },
      ignore: ['**/node_modules/**', '**/.git/**'],
      onlyFiles: true,
    }),
  size: async (path) => (await stat(path)).size,
};

type Answer = (error: Error | null, stats: Stats) => void;

/** The glob asks this about links only. Links to folders are as if they were not there: one to `/` must not be walked. */
function statLinkedFile(path: PathLike, answer: Answer): void {
  statOf(path, (error, stats) => {
    answer(error ?? (stats.isDirectory() ? new Error('a link to a folder') : null), stats);
  });
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw Object.assign(new Error(`${path} is not UTF-8 text`, { cause }), { code: 'NOT_UTF8' });
  }
}
