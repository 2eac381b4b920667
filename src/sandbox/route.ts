import { type Answer, denied, malformed } from './answer.ts';
import type { RateClass } from './behaviour.ts';
import { isObject, type Json, type JsonObject, parseJson } from './json.ts';
import type { Identity } from './identity.ts';
import type { World } from './world.ts';

/** A request that has reached its route. */
export type Call = {
  readonly world: World;
  readonly identity: Identity;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly bytes: Buffer;
};

/** `{name}` stands for one path segment, `{name...}` for all that follow. Routes run to their end at once. */
export type Route<C = Call> = {
  readonly method: string;
  readonly path: string;
  readonly rate?: RateClass;
  readonly answer: (call: C) => Answer;
};

/** The first route that fits, with its decoded path parameters. */
export function findRoute<C>(
  routes: readonly Route<C>[],
  method: string,
  path: string,
): FoundRoute<C> | undefined {
  for (const route of routes) {
    if (route.method !== method) continue;
    const groups = patternOf(route.path).exec(path);
    if (groups !== null) return { route, params: decoded(groups.groups ?? {}) };
  }
  return undefined;
}

type FoundRoute<C> = { readonly route: Route<C>; readonly params: Readonly<Record<string, string>> };

/** @throws Refusal (400) when the body is not a JSON object. */
export function jsonBody(call: { readonly bytes: Buffer }): JsonObject {
  let body: Json;
  try {
    body = parseJson(call.bytes.toString('utf8') || '{}');
  } catch {
    throw malformed('Invalid JSON given in the body of the request - failed to parse given JSON');
  }
  if (!isObject(body)) throw malformed('Invalid JSON given in the body of the request - expected a map');
  return body;
}

/** @throws Refusal (403) */
export function requireAdmin(call: Call): void {
  if (!call.identity.isAdmin) throw denied(`User ${call.identity.name} is not an admin of this workspace.`);
}

const patterns = new Map<string, RegExp>();

function patternOf(path: string): RegExp {
  const known = patterns.get(path);
  if (known !== undefined) return known;
  const literal = path.replaceAll(/\.(?!\.|\})/g, String.raw`\.`);
  const source = literal.replaceAll(/\{(\w+)(\.{3})?\}/g, (_, name: string, rest?: string) =>
    rest === undefined ? `(?<${name}>[^/]+)` : `(?<${name}>.+)`,
  );
  const pattern = new RegExp(`^${source}$`);
  patterns.set(path, pattern);
  return pattern;
}

function decoded(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decode(text)]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed(`The path is not correctly encoded: ${text}`);
  }
}
