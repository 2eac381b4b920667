import { describe, expect, test } from '@jest/globals';
import { SettingsError } from '../../src/core/errors.ts';
import { isTrustedHost, parseHost } from '../../src/databricks/host.ts';

describe('parseHost', () => {
  test.each([
    ['adb-1.2.azuredatabricks.net', 'https://adb-1.2.azuredatabricks.net'],
    ['https://dbc-1.cloud.databricks.com/', 'https://dbc-1.cloud.databricks.com'],
    ['HTTPS://DBC-1.Cloud.Databricks.COM', 'https://dbc-1.cloud.databricks.com'],
    [' https://dbc-1.cloud.databricks.com/?o=123#/jobs ', 'https://dbc-1.cloud.databricks.com'],
    ['https://dbc-1.cloud.databricks.com:443', 'https://dbc-1.cloud.databricks.com'],
    ['https://workspace.test:8443/x', 'https://workspace.test:8443'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost', 'http://localhost'],
    ['http://[::1]:9000', 'http://[::1]:9000'],
    ['https://evil.test/.cloud.databricks.com', 'https://evil.test'],
    ['https://evil.test?.cloud.databricks.com', 'https://evil.test'],
    ['https://evil.test#.cloud.databricks.com', 'https://evil.test'],
  ])('reads %s as %s', (text, origin) => {
    expect(parseHost(text, 'here').origin).toBe(origin);
  });

  test.each([
    '',
    'https://',
    'https:///x',
    'ftp://a.cloud.databricks.com',
    'javascript:alert(1)',
    'https:evil.test',
    'https://user@a.cloud.databricks.com',
    'https://a.cloud.databricks.com@evil.test',
    'https://a.cloud.databricks.com:443@evil.test',
    'https://evil.test\\.cloud.databricks.com',
    'https://evil.test\\@a.cloud.databricks.com',
    'https://evil.test%2f.cloud.databricks.com',
    'https://evil.test%00.cloud.databricks.com',
    'https://evil.te\tst',
    'https://evil.te\nst',
    'https://a b.cloud.databricks.com',
    'https://a..cloud.databricks.com',
    'https://a.cloud.databricks.com.',
    'https://.cloud.databricks.com',
    'https://-a.cloud.databricks.com',
    'https://a.cloud.databricks。com',
    'https://a.cloud.dаtabricks.com',
    'https://a.cloud.databricks.com:',
    'https://a.cloud.databricks.com:99999',
    'https://a.cloud.databricks.com:80:80',
    'https://127.1',
    'https://2130706433',
    'https://0x7f.0.0.1',
    'https://0177.0.0.1',
    'https://[::ffff:127.0.0.1]',
    'https://[0:0:0:0:0:0:0:1]',
    'https://*.cloud.databricks.com',
  ])('refuses %j', (text) => {
    expect(() => parseHost(text, 'DATABRICKS_HOST')).toThrow(SettingsError);
    expect(() => parseHost(text, 'DATABRICKS_HOST')).toThrow(
      'DATABRICKS_HOST is not the address of a workspace',
    );
  });

  test.each([
    'http://dbc-1.cloud.databricks.com',
    'http://0.0.0.0',
    'http://128.0.0.1',
    'http://10.0.0.1',
    'http://localhost.test',
    'http://127.0.0.1.evil.test',
    'http://[::2]',
  ])('refuses plain http to %s', (text) => {
    expect(() => parseHost(text, 'here')).toThrow('plain http');
  });

  test('keeps what was typed out of the message, as it may hold a password', () => {
    expect(() => parseHost('https://user:hunter22@a.test', 'here')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter22') }),
    );
  });
});

describe('isTrustedHost', () => {
  const isTrusted = (text: string, allowed: readonly string[] = []) =>
    isTrustedHost(parseHost(text, 'here'), allowed);

  test.each([
    'dbc-1.cloud.databricks.com',
    'adb-1.2.azuredatabricks.net',
    '1.2.gcp.databricks.com',
    'a.cloud.databricks.us',
    'a.cloud.databricks.mil',
    'adb-1.2.databricks.azure.us',
    'adb-1.2.databricks.azure.cn',
    'http://127.0.0.1:8080',
    'http://127.9.9.9',
    'http://localhost:1',
    'https://[::1]',
  ])('trusts %s', (text) => {
    expect(isTrusted(text)).toBe(true);
  });

  test.each([
    'evil.test',
    'evilcloud.databricks.com',
    'xazuredatabricks.net',
    'a.xazuredatabricks.net',
    'a.cloud.databricks.com.evil.test',
    'a.cloud.databricks.com-evil.test',
    'a.databricks.com',
    'databricks.com',
    'azuredatabricks.net',
    'a.databricksapps.com',
    'a.azuredatabricks.net.cn',
    'a.azuredatabricks.us',
    'a.databricks.us',
    'a.azure.us',
    'a.cloud.databricks.com:8443',
    'localhost.evil.test',
    '127.0.0.1.evil.test',
    '128.0.0.1',
    '169.254.169.254',
  ])('does not trust %s', (text) => {
    expect(isTrusted(text)).toBe(false);
  });

  test.each([
    ['workspace.test', ['workspace.test'], true],
    ['WORKSPACE.test', [' Workspace.TEST '], true],
    ['workspace.test', ['https://workspace.test/'], true],
    ['workspace.test:8443', ['workspace.test:8443'], true],
    ['a.corp.test', ['other.test', '*.corp.test'], true],
    ['a.corp.test:8443', ['*.corp.test:8443'], true],
    ['workspace.test:8443', ['workspace.test'], false],
    ['workspace.test', ['workspace.test:8443'], false],
    ['a.workspace.test', ['workspace.test'], false],
    ['corp.test', ['*.corp.test'], false],
    ['evilcorp.test', ['*.corp.test'], false],
    ['corp.test.evil.test', ['*.corp.test', 'corp.test'], false],
    ['evil.test', ['*', '*.', '', '*.*'], false],
  ] as const)('judges %s with %j as %s', (text, allowed, expected) => {
    expect(isTrusted(text, allowed)).toBe(expected);
  });
});
