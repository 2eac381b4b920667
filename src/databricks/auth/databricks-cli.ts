import { AuthError } from '../../core/errors.ts';
import type { Json } from '../../kinds/client.ts';
import { isObject } from '../json.ts';
import { bearerIn } from './azure-token.ts';
import type { Attributes } from './attributes.ts';
import { type Issued, keepFresh } from './keep-fresh.ts';
import type { Method } from './method.ts';
import { createRunner, type Ran, type Runner } from './program.ts';

/** Whoever has signed in on this machine with `databricks auth login`. */
export const databricksCli: Method = {
  name: 'databricks-cli',
  isAmbient: true,
  prepare: (attributes, { origin }) => {
    if (origin === '') return NO_HOST;
    return {
      from: 'the Databricks CLI',
      isOfProfile: false,
      open: (host, { clock }, machine) => {
        const run = createRunner(programOf(attributes), machine, attributes);
        return { token: keepFresh(createTokens(run, host, clock), clock) };
      },
    };
  },
};

const NO_HOST = { missing: 'no workspace is named', hint: 'set DATABRICKS_HOST' } as const;

function programOf({ cliPath }: Attributes): string {
  return cliPath?.value ?? 'databricks';
}

function createTokens(run: Runner, host: string, clock: () => number): () => Promise<Issued> {
  let version: Version | undefined;
  return async () => {
    version ??= await readVersion(run);
    const askedAtMs = clock();
    // The CLI keeps a token until shortly before its end; which one serves is for us to say.
    const force = isBefore(version, FORCES) ? [] : ['--force-refresh'];
    const ran = await run(['auth', 'token', '--host', host, ...force], TOKEN_TIMEOUT_MS);
    const issued = ran.outcome === 'done' ? readToken(ran.body, askedAtMs) : undefined;
    if (issued !== undefined) return issued;
    throw refusalOf(ran, host);
  };
}

const VERSION_TIMEOUT_MS = 5_000;
const TOKEN_TIMEOUT_MS = 60_000;

type Version = readonly [major: number, minor: number, patch: number];

const FORCES: Version = [0, 296, 0];
/** The Python program of the same name ended with 0.18; this one began with 0.100. */
const FIRST: Version = [0, 100, 0];

/** Builds of one's own say 0.0.0: they know the old options for certain. */
const UNKNOWN: Version = [0, 0, 0];

/** @throws AuthError where it is not there, or the old one */
async function readVersion(run: Runner): Promise<Version> {
  const ran = await run(['version'], VERSION_TIMEOUT_MS);
  if (ran.outcome === 'absent') throw absent();
  if (isLegacy(ran)) throw legacy();
  const text = ran.outcome === 'done' ? ran.text : '';
  const [, major, minor, patch] = /^Databricks CLI v(\d+)\.(\d+)\.(\d+)/m.exec(text) ?? [];
  return major === undefined ? UNKNOWN : [Number(major), Number(minor), Number(patch)];
}

/** It answers `Version 0.18.0`, or knows no such command. */
function isLegacy(ran: Ran): boolean {
  if (ran.outcome === 'failed') return /no such command/i.test(ran.said);
  if (ran.outcome === 'absent') return false;
  const [, major, minor] = /^Version (\d+)\.(\d+)/m.exec(ran.text) ?? [];
  return major !== undefined && isBefore([Number(major), Number(minor), 0], FIRST);
}

function isBefore(version: Version, other: Version): boolean {
  const index = version.findIndex((part, at) => part !== other[at]);
  return index !== -1 && (version[index] ?? 0) < (other[index] ?? 0);
}

function readToken(body: Json | undefined, nowMs: number): Issued | undefined {
  if (!isObject(body)) return undefined;
  const { access_token: text, token_type: type, expiry } = body;
  const expiresAtMs = typeof expiry === 'string' ? momentOf(expiry) : Number.NaN;
  const token = bearerIn(text, type);
  if (token === undefined || !(expiresAtMs > nowMs)) return undefined;
  return { token, issuedAtMs: nowMs, expiresAtMs };
}

/** RFC 3339; without a zone it is in UTC. */
function momentOf(text: string): number {
  const [, day, time, zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/i.exec(text) ?? [];
  return day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone.toUpperCase()}`);
}

function refusalOf(ran: Ran, host: string): AuthError {
  if (ran.outcome === 'absent') return absent();
  const login = `run \`databricks auth login --host ${host}\``;
  if (ran.outcome === 'done') {
    return new AuthError(`the Databricks CLI printed no token for ${host} that is good`, {
      hint: `${login}, and check this machine's clock`,
    });
  }
  if (/databricks OAuth is not|no cached credentials/i.test(ran.said)) {
    return new AuthError(`the Databricks CLI is not signed in to ${host}`, { code: NOTHING, hint: login });
  }
  if (/Use --profile/i.test(ran.said) && / match /i.test(ran.said)) {
    return new AuthError(`the Databricks CLI has several profiles for ${host}: ${ran.said}`, {
      hint: 'keep one of them for this workspace, or set DATABRICKS_AUTH_TYPE to another method',
    });
  }
  return new AuthError(`the Databricks CLI gives no token for ${host}: ${ran.said}`, { hint: login });
}

const NOTHING = 'no-credentials';

function absent(): AuthError {
  return new AuthError('the Databricks CLI is not installed', {
    code: NOTHING,
    hint: 'install it, or set DATABRICKS_CLI_PATH to where it is',
  });
}

function legacy(): AuthError {
  return new AuthError('the `databricks` on the PATH is the old Python program, which gives no tokens', {
    hint: 'install the Databricks CLI, or set DATABRICKS_CLI_PATH to where it is',
  });
}
