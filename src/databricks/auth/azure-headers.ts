import { AuthError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import type { Attribute } from './attributes.ts';
import type { HeaderSource } from './method.ts';

type ManagementTokens = () => Promise<Secret | undefined> | Secret | undefined;

/**
 * With both, who is not in the workspace yet comes in as somebody whom Azure lets manage it.
 * @param management a token for Azure's management, where there is one
 */
export function azureHeaders(
  resourceId: Attribute<string> | undefined,
  management: ManagementTokens,
): HeaderSource {
  return async () => {
    const token = await named(management);
    return {
      ...(resourceId === undefined ? {} : { 'X-Databricks-Azure-Workspace-Resource-Id': resourceId.value }),
      ...(token === undefined ? {} : { 'X-Databricks-Azure-SP-Management-Token': token }),
    };
  };
}

/** Which of a method's two tokens could not be had is not to be guessed. */
async function named(management: ManagementTokens): Promise<Secret | undefined> {
  try {
    return await management();
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    const { code, hint } = error;
    const detail = { code, ...(hint === undefined ? {} : { hint }) };
    throw new AuthError(`${error.message} (asked for a token for Azure's management)`, detail);
  }
}
