import { AuthError } from '../../core/errors.ts';
import type { Attribute, Attributes } from './attributes.ts';

/**
 * What the words mean: a switch that is off, and a workspace id of `none`, count as not set.
 * @throws AuthError for a switch that is neither on nor off
 */
export function settle(attributes: Attributes): Attributes {
  const { workspaceId, azureUseMsi } = attributes;
  return {
    ...attributes,
    // The Databricks CLI writes it for "no workspace".
    workspaceId: workspaceId?.value.toLowerCase() === 'none' ? undefined : workspaceId,
    azureUseMsi: azureUseMsi && settleSwitch(azureUseMsi),
  };
}

/** As Go reads it, and so the Databricks CLI and Terraform. */
const ON: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const OFF: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

function settleSwitch(attribute: Attribute<string>): Attribute<string> | undefined {
  const { value, from } = attribute;
  if (OFF.has(value)) return undefined;
  if (ON.has(value)) return { ...attribute, value: 'true' };
  throw new AuthError(`${from} is neither true nor false`, { hint: 'write true, or unset it' });
}
