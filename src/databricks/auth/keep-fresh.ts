import type { Secret } from '../../core/secret.ts';
import type { RetryPolicy } from '../retry.ts';
import type { TokenSource } from './method.ts';
import { ONE_TRY, PATIENT } from './sender.ts';

/** A token that ends; milliseconds since 1970, `Infinity` where the far side does not say. */
export type Issued = { readonly token: Secret; readonly issuedAtMs: number; readonly expiresAtMs: number };

/**
 * Obtains a token when one is asked for and renews it shortly before it ends, once for all who wait. Where that
 * fails, the old one serves for as long as it lasts.
 * @param obtain throws where no token can be had
 * @param clock milliseconds since 1970
 */
export function keepFresh(
  obtain: (policy: RetryPolicy) => Promise<Issued>,
  clock: () => number,
): TokenSource {
  let held: Held | undefined;
  let renewal: Promise<Held> | undefined;
  const renew = async (isRefused: boolean): Promise<Held> => {
    const old = isRefused ? undefined : held;
    held = (old && (await spare(old))) ?? hold(await obtain(PATIENT));
    return held;
  };
  /** While the old token lasts, nobody waits for more than one try. */
  const spare = async (old: Held): Promise<Held | undefined> => {
    if (hasEnded(old, clock())) return undefined;
    try {
      return hold(await obtain(ONE_TRY));
    } catch {
      const nowMs = clock();
      return hasEnded(old, nowMs) ? undefined : postpone(old, nowMs);
    }
  };
  return async (refused) => {
    const isRefused = refused !== undefined && held?.token.isSameAs(refused) === true;
    const isSettled = renewal === undefined && !isRefused;
    if (isSettled && held !== undefined && clock() < held.renewAtMs) return held.token;
    renewal ??= renew(isRefused).finally(() => {
      renewal = undefined;
    });
    return (await renewal).token;
  };
}

type Held = Issued & { readonly renewAtMs: number };

/** A whole apply must not end for a token that runs out on its way. */
const MARGIN_MS = 60_000;

function hold(issued: Issued): Held {
  const marginMs = Math.min(MARGIN_MS, (issued.expiresAtMs - issued.issuedAtMs) / 4);
  return { ...issued, renewAtMs: issued.expiresAtMs - marginMs };
}

function hasEnded({ expiresAtMs }: Held, nowMs: number): boolean {
  return nowMs >= expiresAtMs;
}

/** Not with every request, or they would all wait for a service that is down. */
function postpone(old: Held, nowMs: number): Held {
  return { ...old, renewAtMs: nowMs + (old.expiresAtMs - nowMs) / 2 };
}
