import { describe, expect, test } from '@jest/globals';
import { SettingsError } from '../../../src/core/errors.ts';
import { givenAttributes, withProfile } from '../../../src/databricks/auth/attributes.ts';
import { azureEnvironmentOf, imdsOriginOf } from '../../../src/databricks/auth/azure-environment.ts';

const DATABRICKS = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d';
const PUBLIC = ['https://login.microsoftonline.com', 'https://management.core.windows.net/'];
const USGOV = ['https://login.microsoftonline.us', 'https://management.core.usgovcloudapi.net/'];
const CHINA = ['https://login.chinacloudapi.cn', 'https://management.core.chinacloudapi.cn/'];

function environmentOf(host: string, env: Record<string, string> = {}) {
  const found = azureEnvironmentOf(`https://${host}`, givenAttributes({}, env));
  return [found.loginOrigin, found.managementResource, found.workspaceResource];
}

describe('the cloud', () => {
  test.each([
    ['adb-123.4.azuredatabricks.net', PUBLIC, DATABRICKS],
    ['adb-123.4.dev.azuredatabricks.net', PUBLIC, '62a912ac-b58e-4c1d-89ea-b2dbfc7358fc'],
    ['adb-123.4.staging.azuredatabricks.net', PUBLIC, '4a67d088-db5c-48f1-9ff2-0aace800ae68'],
    ['adb-123.4.databricks.azure.us', USGOV, DATABRICKS],
    ['adb-123.4.databricks.azure.cn', CHINA, DATABRICKS],
    ['data.acme.test', PUBLIC, DATABRICKS],
    ['azuredatabricks.net.acme.test', PUBLIC, DATABRICKS],
  ])('of %s is known by its name', (host, cloud, resource) => {
    expect(environmentOf(host)).toEqual([...cloud, resource]);
  });

  test.each([
    ['usgovernment', USGOV],
    ['AzureUSGovernment', USGOV],
    ['CHINA', CHINA],
    ['AzureChinaCloud', CHINA],
    ['AzurePublicCloud', PUBLIC],
    ['Public', PUBLIC],
  ])('of another name is ARM_ENVIRONMENT: %s', (name, cloud) => {
    expect(environmentOf('data.acme.test', { ARM_ENVIRONMENT: name })).toEqual([...cloud, DATABRICKS]);
  });

  test('is the one that the name says, whatever ARM_ENVIRONMENT says', () => {
    expect(environmentOf('a.azuredatabricks.net', { ARM_ENVIRONMENT: 'china' })).toEqual([
      ...PUBLIC,
      DATABRICKS,
    ]);
  });

  test.each(['german', 'toString', '', 'x'])('is not guessed: %j', (name) => {
    const read = () => environmentOf('data.acme.test', { ARM_ENVIRONMENT: name });
    if (name === '') expect(read()).toEqual([...PUBLIC, DATABRICKS]);
    else expect(read).toThrow(SettingsError);
  });
});

describe('another place for Entra ID and the metadata service', () => {
  test.each([
    'https://login.acme.test',
    'https://login.acme.test/',
    'http://127.0.0.1:8080',
    'http://localhost',
  ])('is taken from the environment: %s', (address) => {
    const env = { AZURE_AUTHORITY_HOST: address, AZURE_POD_IDENTITY_AUTHORITY_HOST: address };
    const { origin } = new URL(address);
    expect(environmentOf('a.azuredatabricks.net', env)[0]).toBe(origin);
    expect(imdsOriginOf(givenAttributes({}, env))).toBe(origin);
  });

  test.each([
    'http://login.acme.test',
    'login.acme.test',
    'https://user:pw@login.acme.test',
    'https://login.acme.test/tenant',
    'https://login.acme.test/?x=1',
    'file:///etc/passwd',
    'http://127.0.0.1.acme.test',
  ])('is refused: %s', (address) => {
    const env = { AZURE_AUTHORITY_HOST: address, AZURE_POD_IDENTITY_AUTHORITY_HOST: address };
    expect(() => environmentOf('a.azuredatabricks.net', env)).toThrow(SettingsError);
    expect(() => imdsOriginOf(givenAttributes({}, env))).toThrow(SettingsError);
  });

  test("may be the machine's own service by its usual address, which is plain http", () => {
    const usual = 'http://169.254.169.254';
    expect(imdsOriginOf(givenAttributes({}, {}))).toBe(usual);
    expect(imdsOriginOf(givenAttributes({}, { AZURE_POD_IDENTITY_AUTHORITY_HOST: usual }))).toBe(usual);
    expect(() => environmentOf('a.test', { AZURE_AUTHORITY_HOST: usual })).toThrow(SettingsError);
  });

  test('is taken from no profile', () => {
    const values = {
      azure_authority_host: 'https://evil.test',
      AZURE_AUTHORITY_HOST: 'https://evil.test',
      azureLogin: 'https://evil.test',
      azureImds: 'https://evil.test',
    };
    const attributes = withProfile(givenAttributes({}, {}), { name: 'p', values }, {});
    expect([attributes.azureLogin, attributes.azureImds]).toEqual([undefined, undefined]);
  });
});
