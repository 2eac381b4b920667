import type { Secret } from '../../core/secret.ts';
import type { Json } from '../../kinds/client.ts';
import { parseJson } from '../json.ts';
import { maskAll, maskSecrets, tidy } from '../mask.ts';
import type { Attributes } from './attributes.ts';
import type { Finished, Machine } from './machine.ts';

/** How a program that gives tokens ended. Its output stays here: it may hold a token, whatever the exit code. */
export type Ran =
  | { readonly outcome: 'done'; readonly body: Json | undefined; readonly text: string }
  /** `said` is what it complained of, ready to be shown. */
  | { readonly outcome: 'failed'; readonly said: string }
  | { readonly outcome: 'absent' };

export type Runner = (args: readonly string[], timeoutMs: number) => Promise<Ran>;

/**
 * A program that keeps its own credentials, without ours: it would sign in with them instead, or pass them on to
 * what it starts.
 */
export function createRunner(program: string, machine: Machine, attributes: Attributes): Runner {
  return async (args, timeoutMs) => {
    const finished = await machine.run(program, args, { env: WITHOUT_OURS, timeoutMs });
    if (finished === undefined) return { outcome: 'absent' };
    if (finished.code === 0) return { outcome: 'done', body: bodyOf(finished.out), text: finished.out };
    return { outcome: 'failed', said: complaintOf(finished, attributes) };
  };
}

const WITHOUT_OURS = {
  DATABRICKS_TOKEN: undefined,
  DATABRICKS_CLIENT_ID: undefined,
  DATABRICKS_CLIENT_SECRET: undefined,
  DATABRICKS_AUTH_TYPE: undefined,
  // Its token cache would be looked up by that profile, whatever host is asked for.
  DATABRICKS_CONFIG_PROFILE: undefined,
  ARM_CLIENT_SECRET: undefined,
  DATABRICKS_OIDC_TOKEN: undefined,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
  GITHUB_TOKEN: undefined,
} as const;

function bodyOf(out: string): Json | undefined {
  try {
    return parseJson(out);
  } catch {
    return undefined;
  }
}

function complaintOf({ code, out, err }: Finished, attributes: Attributes): string {
  if (code === null) return 'it did not end in time';
  const known = Object.values(attributes).flatMap((attribute) => secretsIn(attribute));
  // Both programs warn before they come to the point.
  const [, point = err] = /^error: ([\s\S]*)$/im.exec(err) ?? [];
  const masked = maskSecrets(maskAll(point, longWordsOf(out)), known).replaceAll(TOKENS, '(secret)');
  return tidy(masked) || `it ended with code ${code}`;
}

function secretsIn(attribute: Attributes[keyof Attributes]): readonly Secret[] {
  if (attribute === undefined || 'length' in attribute) return [];
  if ('token' in attribute) return [attribute.token];
  return typeof attribute.value === 'string' ? [] : [attribute.value];
}

/** What a program prints on both streams is shown of neither. */
function longWordsOf(out: string): readonly string[] {
  return out.match(/[\w~.+/=-]{16,}/g) ?? [];
}

/** What tokens of Entra ID, of Databricks and of its OAuth look like, and long runs that nobody reads. */
const TOKENS = /\b(?:eyJ[\w-]+(?:\.[\w-]*)*|dapi[0-9a-f]{8,}(?:-\d+)?|dose[0-9a-f]{8,})|[\w+/=~-]{80,}/g;
