import { describe, expect, test } from '@jest/globals';
import { givenAttributes } from '../../../src/databricks/auth/attributes.ts';
import { placeOf } from '../../../src/databricks/auth/place.ts';
import { parseHost } from '../../../src/databricks/host.ts';

const RESOURCE = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Databricks/workspaces/w';

describe('a place is of Azure', () => {
  test.each<[string, boolean, Readonly<Record<string, string>>]>([
    ['https://adb-123.4.azuredatabricks.net', true, {}],
    ['https://adb-123.4.databricks.azure.us', true, {}],
    ['https://adb-123.4.databricks.azure.cn', true, {}],
    ['https://adb-123.4.staging.azuredatabricks.net', true, {}],
    ['https://dbc-1.cloud.databricks.com', false, {}],
    ['https://1.gcp.databricks.com', false, {}],
    ['https://adb-1.azuredatabricks.net.evil.test', false, {}],
    ['https://evilazuredatabricks.net', false, {}],
    ['https://workspace.test', true, { DATABRICKS_CLOUD: 'Azure' }],
    ['https://workspace.test', true, { DATABRICKS_CLOUD: 'azure' }],
    ['https://workspace.test', false, { DATABRICKS_CLOUD: 'AWS' }],
    ['https://workspace.test', true, { DATABRICKS_AZURE_RESOURCE_ID: RESOURCE }],
    ['http://127.0.0.1:8080', false, {}],
    ['http://127.0.0.1:8080', true, { DATABRICKS_CLOUD: 'AZURE' }],
    ['http://127.0.0.1:8080', true, { DATABRICKS_AZURE_RESOURCE_ID: RESOURCE }],
  ])('%s: %s with %j', (host, isAzure, env) => {
    expect(placeOf(parseHost(host, 'here'), givenAttributes({}, env))).toEqual({ origin: host, isAzure });
  });

  test('without a host only where somebody says so', () => {
    expect(placeOf(undefined, givenAttributes({}, {}))).toEqual({ origin: '', isAzure: false });
    expect(placeOf(undefined, givenAttributes({}, { DATABRICKS_CLOUD: 'Azure' })).isAzure).toBe(true);
  });
});
