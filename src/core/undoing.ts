import type { KeptGround } from './kept.ts';
import type { RecordDocument, Undo } from './record.ts';
import type { FieldRule, Obstacle, Resource } from './resource.ts';
import type { Restoration } from './restoration.ts';
import type { Secret } from './secret.ts';
import type { Address, Value } from './value.ts';

export type Wanted = {
  readonly resource: Resource;
  /** What the apply left in the fields that are wished for, by path. */
  readonly left: Readonly<Record<string, Value>>;
  /** What stays as it is although the apply wrote it. */
  readonly notes: readonly string[];
  /** `again`: it was deleted; `returned`: only its place on record comes back. */
  readonly how: 'back' | 'again' | 'returned';
  readonly restoration: Restoration;
};

export type InverseGround = {
  readonly record: RecordDocument | null;
  readonly rulesOf: (kind: string) => readonly FieldRule[];
  readonly isWhole: (kind: string) => boolean;
  readonly secretOf: (label: string, variables: readonly string[]) => Secret;
  /** What the file allows by name for an object, for example `rewrite_task:load`. */
  readonly consentsOf: (kind: string, key: string) => readonly string[];
};

/** What a single change comes to. */
export type Undone =
  | { readonly is: 'wanted'; readonly wanted: Wanted }
  | { readonly is: 'removed'; readonly address: Address }
  | { readonly is: 'stopped'; readonly obstacle: Obstacle }
  | { readonly is: 'left'; readonly note: string };

/** One change with what was kept of it, and what the world is known to be by now. */
export type Undoing = InverseGround & {
  readonly address: Address;
  readonly undo: Undo;
  /** Whether an earlier run that undid the same apply, and did not finish, made this object. */
  readonly isRemade: (id: string) => boolean;
  /** Fields of which the secret got a new value under the same reference. */
  readonly rotated: readonly string[];
  readonly kept: KeptGround;
};

/** A reason not to touch an object; everything else goes on. */
export function stop(message: string): Undone {
  return { is: 'stopped', obstacle: { reason: 'not-undoable', message } };
}

export function stopAsChanged(message: string): Undone {
  return { is: 'stopped', obstacle: changedSinceThen(message) };
}

export function changedSinceThen(message: string): Obstacle {
  const hint = 'a rollback undoes one apply and nothing that happened since: change the file instead';
  return { reason: 'changed-since', message, hint };
}

export function leave(note: string): Undone {
  return { is: 'left', note };
}
