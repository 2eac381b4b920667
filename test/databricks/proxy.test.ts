import { Agent as HttpsAgent } from 'node:https';
import { describe, expect, test } from '@jest/globals';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { SettingsError } from '../../src/core/errors.ts';
import { chooseProxy, createAgents } from '../../src/databricks/proxy.ts';

const PROXY = 'http://proxy.test:3128';
const ORIGIN = 'https://a.workspace.test';

describe('chooseProxy', () => {
  test.each([
    [ORIGIN, { httpsProxy: PROXY }, `${PROXY}/`],
    [ORIGIN, { httpsProxy: ' proxy.test:3128 ' }, `${PROXY}/`],
    [ORIGIN, { httpsProxy: 'https://u:p@proxy.test' }, 'https://u:p@proxy.test/'],
    [ORIGIN, { httpProxy: PROXY }, undefined],
    [ORIGIN, { httpsProxy: '  ' }, undefined],
    [ORIGIN, {}, undefined],
    ['http://workspace.test', { httpProxy: PROXY }, `${PROXY}/`],
    ['http://workspace.test', { httpsProxy: PROXY }, undefined],
    ['http://127.0.0.1:8080', { httpProxy: PROXY }, undefined],
    ['https://localhost', { httpsProxy: PROXY }, undefined],
    ['http://[::1]:1', { httpProxy: PROXY }, undefined],
  ])('for %s with %j is %s', (origin, settings, expected) => {
    expect(chooseProxy(origin, settings)?.href).toBe(expected);
  });

  test.each([
    ['*', true],
    ['a.workspace.test', true],
    ['A.Workspace.TEST', true],
    ['other.test, a.workspace.test', true],
    ['other.test a.workspace.test', true],
    ['workspace.test', true],
    ['.workspace.test', true],
    ['*.workspace.test', true],
    ['a.workspace.test:443', true],
    ['a.workspace.test:8443', false],
    ['.a.workspace.test', false],
    ['*.a.workspace.test', false],
    ['space.test', false],
    ['b.workspace.test', false],
    ['', false],
    [' , ', false],
    ['.', false],
    ['10.0.0.0/8', false],
  ])('is exempt by NO_PROXY %j: %s', (noProxy, isExempt) => {
    expect(chooseProxy(ORIGIN, { httpsProxy: PROXY, noProxy }) === undefined).toBe(isExempt);
  });

  test.each(['socks5://proxy.test', 'http://', 'http://user:hunter22@:x'])(
    'refuses %s without repeating it',
    (httpsProxy) => {
      expect(() => chooseProxy(ORIGIN, { httpsProxy })).toThrow(SettingsError);
      expect(() => chooseProxy(ORIGIN, { httpsProxy })).toThrow(/^HTTPS_PROXY is not the URL of a proxy$/);
    },
  );
});

describe('createAgents', () => {
  test('keeps direct connections open', () => {
    const { httpAgent, httpsAgent } = createAgents(undefined);
    expect(httpsAgent).toBeInstanceOf(HttpsAgent);
    expect(httpAgent).not.toBeInstanceOf(HttpsAgent);
    expect([httpAgent, httpsAgent].every((agent) => Reflect.get(agent, 'keepAlive') === true)).toBe(true);
  });

  test('tunnels through the proxy and keeps tunnels open', () => {
    const { httpsAgent } = createAgents(new URL(PROXY));
    expect(httpsAgent).toBeInstanceOf(HttpsProxyAgent);
    expect(Reflect.get(httpsAgent, 'keepAlive')).toBe(true);
  });
});
