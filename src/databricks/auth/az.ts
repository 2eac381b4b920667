import { AuthError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../kinds/client.ts';
import { isObject, wordOf } from '../json.ts';
import { bearerIn, secondsOf } from './azure-token.ts';
import type { Issued } from './keep-fresh.ts';
import type { Ran, Runner } from './program.ts';

/** Who is signed in to `az`. */
export type AzAccount = {
  readonly isPerson: boolean;
  /** `az` takes no tenant for these. */
  readonly isManagedIdentity: boolean;
};

/** Where the token is to be good; the subscription is a way to find the tenant. */
export type Scope = { readonly tenant: string | undefined; readonly subscription: string | undefined };

export type Az = { readonly run: Runner; readonly account: AzAccount; readonly clock: () => number };

/** `az` is slow to start, so it is asked once. */
export function createAccount(run: Runner): () => Promise<AzAccount> {
  let known: AzAccount | undefined;
  return async () => {
    known ??= await readAccount(run);
    return known;
  };
}

/** @throws AuthError with what `az` complains of */
export async function obtainFromAz(
  { run, account, clock }: Az,
  resource: string,
  scope: Scope,
): Promise<Issued> {
  const askedAtMs = clock();
  let last: Ran = { outcome: 'absent' };
  for (const further of scopesFor(account, scope)) {
    const args = ['account', 'get-access-token', '--resource', resource, '--output', 'json', ...further];
    last = await run(args, TIMEOUT_MS);
    const issued = last.outcome === 'done' ? readToken(last.body, askedAtMs) : undefined;
    if (issued !== undefined) return issued;
    if (last.outcome !== 'failed') break;
  }
  throw refusalOf(last);
}

const TIMEOUT_MS = 60_000;

async function readAccount(run: Runner): Promise<AzAccount> {
  const ran = await run(['account', 'show', '--output', 'json'], TIMEOUT_MS);
  if (ran.outcome !== 'done') throw refusalOf(ran);
  const user: JsonObject = isObject(ran.body) && isObject(ran.body['user']) ? ran.body['user'] : {};
  const isPerson = wordOf(user['type']) !== 'servicePrincipal';
  const isManagedIdentity = !isPerson && /^(system|user)AssignedIdentity$/.test(wordOf(user['name']) ?? '');
  return { isPerson, isManagedIdentity };
}

/** In the order of trying: tokens that a service principal got by federation are good for no named tenant. */
function scopesFor(account: AzAccount, { tenant, subscription }: Scope): readonly (readonly string[])[] {
  if (account.isManagedIdentity) return [[]];
  if (tenant !== undefined) {
    const named = ['--tenant', tenant];
    return account.isPerson ? [named] : [named, []];
  }
  return subscription === undefined ? [[]] : [['--subscription', subscription], []];
}

function readToken(body: Json | undefined, nowMs: number): Issued | undefined {
  if (!isObject(body)) return undefined;
  const { accessToken: text, expires_on: moment, expiresOn: local } = body;
  const seconds = secondsOf(moment);
  const expiresAtMs = seconds === undefined ? localMoment(local) : seconds * 1_000;
  const token = bearerIn(text);
  if (token === undefined || !(expiresAtMs > nowMs)) return undefined;
  return { token, issuedAtMs: nowMs, expiresAtMs };
}

/** Before 2.54 `az` knew only the time on this machine's wall, which is wrong for an hour when the clocks change. */
function localMoment(text: Json | undefined): number {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?$/.exec(wordOf(text) ?? '') ?? [];
  return day === undefined ? Number.NaN : Date.parse(`${day}T${time}`);
}

function refusalOf(ran: Ran): AuthError {
  if (ran.outcome === 'absent') {
    return new AuthError('the Azure CLI (az) is not installed', {
      code: NOTHING,
      hint: 'install it and run `az login`, or set ARM_CLIENT_ID and ARM_CLIENT_SECRET',
    });
  }
  if (ran.outcome === 'done') {
    return new AuthError('the Azure CLI printed no token that is good', {
      hint: "run `az login` again, and check this machine's clock",
    });
  }
  if (/az login|No subscription found/i.test(ran.said) && !/AADSTS/.test(ran.said)) {
    return new AuthError('nobody is signed in to the Azure CLI', {
      code: NOTHING,
      hint: 'run `az login`',
    });
  }
  return new AuthError(`the Azure CLI gives no token: ${ran.said}`, { hint: 'run `az login` again' });
}

const NOTHING = 'no-credentials';
