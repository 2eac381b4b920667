import type { RecordDocument } from '../core/record.ts';

/** Where the record lies and how it is locked; every method may throw a ToolError of core/errors. */
export interface RecordStore {
  /** Where the record lies, in words that fit after "the record". */
  describe(): string;
  /** `null` where there is none; a damaged, newer or foreign one is a RecordError, never an empty one. */
  load(): Promise<RecordDocument | null>;
  /** Writes under the lock that `lock` gave; the serial must be higher than the stored one. */
  save(document: RecordDocument): Promise<void>;
  /** @throws RefusedError (code `locked`) while another run holds it and the lock timeout has passed. */
  lock(owner: LockOwner): Promise<Lock>;
  readLock(): Promise<LockHolder | null>;
  /** Removes exactly that lock and gives back who held it. @throws RefusedError when it is not there. */
  unlock(id: string): Promise<LockHolder>;
}

/** A lock that this process holds. */
export type Lock = {
  readonly id: string;
  /** Deletes our own lock only; a missing one is fine, and so is a second call. */
  release(): Promise<void>;
  /** @throws RefusedError (code `lock-lost`) when somebody removed or replaced it. */
  assertHeld(): Promise<void>;
};

/** Who asks for a lock; `run` is a link or a name, for GitHub the text that `githubRun` makes. */
export type LockOwner = { readonly owner: string; readonly run: string; readonly host?: string };

/** What a lock file says; `at` is an ISO time, and `null` where the file cannot be understood. */
export type LockHolder = LockOwner & { readonly id: string; readonly at: string | null };

/** How long to wait for a held lock (0: not at all), with clock and sleep in milliseconds. */
export type LockTiming = {
  readonly lockTimeoutMs: number;
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

/** The few file operations that a record and its lock need. */
export interface Files {
  /** Asked before a record is read: what exporting a workspace folder answers is an archive, not an error. */
  kind(path: string): Promise<'absent' | 'file' | 'other'>;
  read(path: string): Promise<string | null>;
  /** Replaces the whole file in one step, parents included. */
  write(path: string, text: string): Promise<void>;
  /** `false` when something is there already. @throws LostAnswerError when it may or may not have been made. */
  create(path: string, text: string): Promise<boolean>;
  /** A missing file is fine. @throws LostAnswerError when it may or may not be gone. */
  remove(path: string): Promise<void>;
}
