import { describe, expect, test } from '@jest/globals';
import { ToolError } from '../../../src/core/errors.ts';
import { AZURE_ROWS } from './support/precedence-azure.ts';
import { CLI_ROWS } from './support/precedence-cli.ts';
import { FEDERATION_ROWS } from './support/precedence-federation.ts';
import { HOST_ROWS } from './support/precedence-hosts.ts';
import { METHOD_ROWS } from './support/precedence-methods.ts';
import { outcomeOf, type Row, titleOf } from './support/precedence.ts';
import { PROFILE_ROWS } from './support/precedence-profiles.ts';

const TABLES: readonly (readonly [string, readonly Row[]])[] = [
  ['tokens, conflicts and the pinned method', METHOD_ROWS],
  ['profiles', PROFILE_ROWS],
  ['hosts and workspaces', HOST_ROWS],
  ['client secrets and identity tokens', FEDERATION_ROWS],
  ['the ways of Azure', AZURE_ROWS],
  ['the Databricks CLI', CLI_ROWS],
];

/** From the behaviour that the official clients document and test; rows that deviate say why. */
describe.each(TABLES)('precedence of %s', (_, rows) => {
  test.each(rows.map((row) => [titleOf(row), row] as const))('%s', async (__, row) => {
    if ('as' in row.gives) {
      expect(await outcomeOf(row)).toEqual(row.gives);
      return;
    }
    const error: unknown = await outcomeOf(row).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ToolError);
    expect((error as ToolError).message).toContain(row.gives.says);
  });
});
