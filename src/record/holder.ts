import { createHash } from 'node:crypto';
import { RefusedError } from '../core/errors.ts';
import { isObject } from './check.ts';
import type { LockHolder } from './port.ts';

export type GitHubRun = {
  readonly serverUrl: string;
  readonly repository: string;
  readonly runId: string;
  readonly attempt: number;
};

/** The `run` of a lock that a GitHub run takes: a link to the attempt, which a later attempt may take over. */
export function githubRun(run: GitHubRun): string {
  return `${run.serverUrl}/${run.repository}/actions/runs/${run.runId}/attempts/${run.attempt}`;
}

/**
 * Whether `run` was an earlier attempt of the GitHub run `mine`. Only then is its holder surely dead: GitHub
 * starts another attempt when every job of the one before has ended.
 */
export function isEarlierAttempt(run: string, mine: string): boolean {
  const [theirs, ours] = [ATTEMPT.exec(run)?.groups, ATTEMPT.exec(mine)?.groups];
  return theirs?.['run'] === ours?.['run'] && Number(theirs?.['attempt']) < Number(ours?.['attempt']);
}

/** A text that cannot be understood is still a lock: it gets an id of its own, so that it can be unlocked. */
export function parseHolder(text: string): LockHolder {
  return understood(text) ?? { id: unreadableId(text), owner: 'unknown', run: 'unknown', at: null };
}

/** What `parseHolder` gives for a lock file that is damaged, or whose writer has not finished yet. */
export function isUnreadable(holder: LockHolder): boolean {
  return holder.at === null;
}

export function serialiseHolder(holder: LockHolder): string {
  return `${JSON.stringify(holder, null, 2)}\n`;
}

/** Says who holds the lock since when, and how it is removed. */
export function heldError(place: string, holder: LockHolder, now: number): RefusedError {
  return new RefusedError(`the record (${place}) is locked by ${describeHolder(holder, now)}`, {
    code: 'locked',
    hint: `wait for that run to end (--lock-timeout waits for you); if it is dead: lakebell unlock ${holder.id}`,
  });
}

/** Owner, age and run, in words. */
export function describeHolder(holder: LockHolder, now: number): string {
  const host = holder.host === undefined ? '' : ` on ${holder.host}`;
  return `${holder.owner}, ${ageInWords(holder.at, now)}, run ${holder.run}${host}`;
}

const ATTEMPT = /^(?<run>https?:\/\/.+\/actions\/runs\/\d+)\/attempts\/(?<attempt>\d+)$/;
const ID = /^[A-Za-z0-9-]{1,64}$/;
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

function understood(text: string): LockHolder | null {
  const value = parseJson(text);
  if (!isObject(value)) return null;
  const { id, owner, run, at, host } = value;
  if (!isPrintable(id) || !ID.test(id) || !isPrintable(owner) || !isPrintable(run)) return null;
  if (!isPrintable(at) || Number.isNaN(Date.parse(at))) return null;
  return { id, owner, run, at, ...(isPrintable(host) ? { host } : {}) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Others may write to the folder, and what they write is printed on our terminal: control characters are out. */
function isPrintable(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !/\p{Cc}/u.test(value);
}

function unreadableId(text: string): string {
  return `unreadable-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}

function ageInWords(at: string | null, now: number): string {
  if (at === null) return 'since an unknown time';
  const ageMs = now - Date.parse(at);
  const [unit, unitMs] = UNITS.find(([, ms]) => ageMs >= ms) ?? [];
  if (unit === undefined || unitMs === undefined) return 'less than a minute ago';
  const count = Math.floor(ageMs / unitMs);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}
