import pLimit from 'p-limit';
import { type AccessNeed, type Writer, accessOf, notPermitted } from '../core/access.ts';
import type { Pending } from '../core/change.ts';
import { ApiError } from '../core/errors.ts';
import type { Obstacle } from '../core/resource.ts';
import type { Address } from '../core/value.ts';
import type { Port } from './live-input.ts';
import { changedIn } from './write-object.ts';

export type Denials = ReadonlyMap<Address, Obstacle>;

const NONE: Denials = new Map();
const CONCURRENCY = 8;

/**
 * What this identity surely may not write, of what an apply is about to write, and why. Read once, before the first write;
 * what cannot be read is left for the write itself to find out.
 */
export async function readDenials(
  changes: readonly Pending[],
  ports: readonly Port[],
  writer: Writer,
): Promise<Denials> {
  const questions = changes.flatMap((change) => questionOf(change, ports));
  if (writer.isAdmin || questions.length === 0) return NONE;
  // Without this a group of admins that signing in does not show could not be ruled out, for any object.
  if ((await isShownAdminOnly(ports)) !== false) return NONE;
  const limit = pLimit(CONCURRENCY);
  const isWriter = answerer(writer);
  const answers = await Promise.all(questions.map((one) => limit(() => isWriter(one))));
  const denied = questions.filter((_question, at) => answers[at] === 'no');
  return new Map(
    denied.map(({ change, need }) => [change.address, notPermitted(change, need, writer)] as const),
  );
}

type Question = { readonly change: Pending; readonly port: Port; readonly need: AccessNeed };

function questionOf(change: Pending, ports: readonly Port[]): readonly Question[] {
  const port = ports.find(({ kind }) => kind.name === change.kind);
  const need = port?.kind.access;
  return port === undefined || need === undefined || !isWritten(change) ? [] : [{ change, port, need }];
}

/** What only changes the record takes no permission. */
function isWritten(change: Pending): boolean {
  if (change.verb === 'detach') return false;
  return 'live' in change ? changedIn(change).length > 0 : true;
}

async function isShownAdminOnly(ports: readonly Port[]): Promise<boolean | null> {
  for (const { api } of ports) {
    const isShown = (await orNull(() => api.isShownAdminOnly?.())) ?? null;
    if (isShown !== null) return isShown;
  }
  return null;
}

/** Answers one question after the other; where the workspace is down, the rest is not asked any more. */
function answerer(writer: Writer): (question: Question) => Promise<'yes' | 'no' | 'unknown'> {
  let isDown = false;
  return async ({ change, port: { api }, need }) => {
    if (need.need === 'admin') return 'no';
    const { id } = change;
    if (id === null || isDown) return 'unknown';
    const answer = await orNull(
      () => api.permissions?.(id),
      (error) => {
        isDown ||= error.status === 0 || error.status === 429 || error.status >= 500;
      },
    );
    return accessOf(answer, need, writer);
  };
}

/** An answer that does not come proves nothing; whoever is not let in at all is told so. */
async function orNull<Answer>(
  ask: () => Promise<Answer> | undefined,
  tell: (error: ApiError) => void = () => undefined,
): Promise<Answer | null> {
  try {
    return (await ask()) ?? null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    tell(error);
    return null;
  }
}
