import { invalid, missing, Refusal } from './answer.ts';

export type TreeNode = {
  readonly path: string;
  readonly type: 'DIRECTORY' | 'FILE' | 'NOTEBOOK';
  readonly id: number;
  readonly content: Buffer;
  readonly createdMs: number;
  readonly modifiedMs: number;
};

export type FileWrite = {
  readonly path: string;
  readonly content: Buffer;
  readonly type: 'FILE' | 'NOTEBOOK';
  readonly overwrite: boolean;
};

/** Folders and files of a workspace. Reads are never stale: the official lock protocol depends on that. */
export class FileTree {
  readonly #nodes = new Map<string, TreeNode>();
  readonly #now: () => number;
  #lastId = 0;

  constructor(now: () => number) {
    this.#now = now;
    for (const path of ['/', '/Users', '/Shared', '/Repos']) this.#set(path, 'DIRECTORY', Buffer.alloc(0));
  }

  get(path: string): TreeNode | undefined {
    return this.#nodes.get(path);
  }

  /** @throws Refusal (404) */
  expect(path: string): TreeNode {
    const node = this.#nodes.get(path);
    if (node === undefined) throw missing(`Path (${path}) doesn't exist.`);
    return node;
  }

  /** The direct children of a folder, by path. */
  children(path: string): readonly TreeNode[] {
    return this.all().filter((node) => node.path !== '/' && parentOf(node.path) === path);
  }

  all(): readonly TreeNode[] {
    return [...this.#nodes.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /**
   * Creates no parents. The caller words the refusal of an existing file, since the two imports differ there.
   * @returns false, with nothing written, when the path exists and may not be overwritten.
   * @throws Refusal (404) without a parent folder, (400) over a folder.
   */
  write(file: FileWrite): boolean {
    const parent = parentOf(file.path);
    if (this.#nodes.get(parent)?.type !== 'DIRECTORY') {
      throw missing(`The parent folder (${parent}) does not exist.`);
    }
    const old = this.#nodes.get(file.path);
    if (old !== undefined && !file.overwrite) return false;
    if (old?.type === 'DIRECTORY') throw invalid(`Cannot overwrite the folder ${file.path}.`);
    this.#set(file.path, file.type, file.content);
    return true;
  }

  /** Creates a folder and its parents. @throws Refusal (400) when a file is on the way. */
  mkdirs(path: string): void {
    const parts = path.split('/').filter((part) => part !== '');
    const folders = parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
    for (const folder of folders) {
      const node = this.#nodes.get(folder);
      if (node === undefined) this.#set(folder, 'DIRECTORY', Buffer.alloc(0));
      else if (node.type !== 'DIRECTORY') {
        throw new Refusal(
          400,
          'RESOURCE_ALREADY_EXISTS',
          `Path (${folder}) already exists and is not a directory.`,
        );
      }
    }
  }

  /** @throws Refusal (404), or (400) for a folder that is not empty. */
  delete(path: string, isRecursive: boolean): void {
    this.expect(path);
    const inside = this.all().filter((node) => node.path.startsWith(`${path}/`));
    if (inside.length > 0 && !isRecursive) {
      throw new Refusal(400, 'DIRECTORY_NOT_EMPTY', `Folder (${path}) is not empty.`);
    }
    for (const node of [...inside, { path }]) this.#nodes.delete(node.path);
  }

  #set(path: string, type: TreeNode['type'], content: Buffer): void {
    const old = this.#nodes.get(path);
    this.#lastId += 1;
    const modifiedMs = this.#now();
    const created = { id: old?.id ?? this.#lastId, createdMs: old?.createdMs ?? modifiedMs };
    this.#nodes.set(path, { path, type, content, modifiedMs, ...created });
  }
}

/** `/Workspace/x` and `/x` are one path. @throws Refusal (400) for a relative one. */
export function treePath(path: string): string {
  if (!path.startsWith('/')) throw invalid(`Path (${path}) doesn't start with '/'`);
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.some((part) => part === '..' || part === '.')) throw invalid(`Path (${path}) is not canonical.`);
  return `/${(parts[0] === 'Workspace' ? parts.slice(1) : parts).join('/')}`;
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}
