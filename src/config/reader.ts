/** How the configuration reaches files. Paths are relative to the working directory, or absolute. */
export interface Reader {
  /** @throws an Error with a `code` (`ENOENT`, `EACCES`, `NOT_UTF8`, ...) where the file cannot be read as text. */
  read(path: string): Promise<string>;
  /** Absolute, with every symbolic link followed. @throws as `read`. */
  realPath(path: string): Promise<string>;
  /** Files below `cwd` that match, relative to it; never directories, never below `node_modules` or `.git`. */
  glob(pattern: string, cwd: string): Promise<string[]>;
  /** In bytes. @throws as `read`. */
  size(path: string): Promise<number>;
}
