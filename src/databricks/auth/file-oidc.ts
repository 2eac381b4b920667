import { AuthError } from '../../core/errors.ts';
import { tidy } from '../mask.ts';
import type { IdToken } from './claims.ts';
import { exchangeIdTokens, type IdTokenSource } from './federation.ts';
import type { Machine } from './machine.ts';
import type { Method } from './method.ts';
import { readStored } from './stored-id-token.ts';

/** An identity token in a file that something else keeps fresh; it is read again for each sign-in. */
export const fileOidc: Method = {
  name: 'file-oidc',
  prepare: (attributes) => {
    const { idTokenFile } = attributes;
    if (idTokenFile === undefined) return NO_FILE;
    const { value: path, from, isOfProfile } = idTokenFile;
    const place = `${tidy(path, 200)} (${from})`;
    return {
      from,
      isOfProfile,
      open: (origin, connection, machine) => {
        const source: IdTokenSource = {
          whose: `in ${place}`,
          read: () => readFrom(path, place, machine),
          renew: `look whether ${tidy(path, 200)} is kept fresh; if it is, compare the clocks`,
        };
        return { token: exchangeIdTokens(source, attributes, origin, connection) };
      },
    };
  },
};

const NO_FILE = {
  missing: 'no file with an identity token is named',
  hint: 'set DATABRICKS_OIDC_TOKEN_FILEPATH to its path',
} as const;

async function readFrom(path: string, place: string, { readText }: Machine): Promise<IdToken> {
  // Its own error may quote the path only, but may be of any kind: a folder, or no permission.
  const text = await readText(path).catch(() => {
    throw new AuthError(`${place} cannot be read`, { hint: 'look at the path and who may read it' });
  });
  if (text !== undefined) return readStored(text, place);
  throw new AuthError(`${place} is not there`, {
    hint: 'it must hold an identity token when a command runs',
  });
}
