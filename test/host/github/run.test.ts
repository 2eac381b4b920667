import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import {
  type Run,
  commitUrl,
  lineUrl,
  pathInRepository,
  readRun,
  runUrl,
} from '../../../src/host/github/run.ts';
import { anyText } from '../../support/any-text.ts';

const SHA = '0123abcd'.repeat(5);
const ENVIRONMENT = {
  GITHUB_REPOSITORY: 'acme/notifications',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_API_URL: 'https://api.github.com',
  GITHUB_RUN_ID: '9007199254740993',
  GITHUB_RUN_NUMBER: '12',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_WORKSPACE: '/runner/work',
};

describe('a run', () => {
  test('is what the runner says', () => {
    expect(readRun(ENVIRONMENT)).toEqual({
      repository: 'acme/notifications',
      serverUrl: 'https://github.com',
      apiUrl: 'https://api.github.com',
      id: '9007199254740993',
      number: '12',
      attempt: 2,
      url: 'https://github.com/acme/notifications/actions/runs/9007199254740993/attempts/2',
      workspace: '/runner/work',
    });
  });

  test.each([
    ['https://github.company.test', 'https://github.company.test/api/v3'],
    ['https://acme.ghe.com', 'https://api.acme.ghe.com'],
    ['http://localhost:3000', 'http://localhost:3000/api/v3'],
  ])('on %s is linked to there, and asks %s', (serverUrl, apiUrl) => {
    const run = readRun({ ...ENVIRONMENT, GITHUB_SERVER_URL: serverUrl, GITHUB_API_URL: apiUrl });
    expect([run.serverUrl, run.apiUrl]).toEqual([serverUrl, apiUrl]);
    expect(run.url).toBe(`${serverUrl}/acme/notifications/actions/runs/9007199254740993/attempts/2`);
    expect(commitUrl(run, SHA)).toBe(`${serverUrl}/acme/notifications/commit/${SHA}`);
    const place = { repository: 'mona/fork', sha: SHA, file: '/runner/work/a.yml', line: 3 };
    expect(lineUrl(run, place)).toBe(`${serverUrl}/mona/fork/blob/${SHA}/a.yml#L3`);
  });

  test('has plain values for what is missing or empty', () => {
    const missing = {
      repository: '',
      serverUrl: 'https://github.com',
      apiUrl: 'https://api.github.com',
      id: '0',
      number: '0',
      attempt: 1,
      workspace: process.cwd(),
    };
    expect(readRun({})).toMatchObject(missing);
    const empty = Object.fromEntries(Object.keys(ENVIRONMENT).map((name) => [name, '']));
    expect(readRun(empty)).toMatchObject(missing);
  });

  test.each(['', 'x', '-1', '1.5', '1e3', ' 7', '7\n', '9'.repeat(21), '٣'])(
    'has no number like %j',
    (text) => {
      const run = readRun({ ...ENVIRONMENT, GITHUB_RUN_ID: text, GITHUB_RUN_NUMBER: text });
      expect([run.id, run.number]).toEqual(['0', '0']);
    },
  );

  test('is linked to at any of its attempts', () => {
    const run = { serverUrl: 'https://github.com', repository: 'a/b', id: '7', attempt: 3 };
    expect(runUrl(run)).toBe('https://github.com/a/b/actions/runs/7/attempts/3');
  });
});

describe('a place in a file', () => {
  const run = readRun(ENVIRONMENT);
  const linked = (file: string, at: Run = run): string | null =>
    lineUrl(at, { repository: 'acme/notifications', sha: SHA, file, line: 41 });

  test.each([
    ['notifications.yml', 'notifications.yml'],
    ['teams/a b.yml', 'teams/a%20b.yml'],
    ['teams/Störung.yml', 'teams/St%C3%B6rung.yml'],
    ['データ/通知.yml', '%E3%83%87%E3%83%BC%E3%82%BF/%E9%80%9A%E7%9F%A5.yml'],
    ['a#b.yml', 'a%23b.yml'],
    ['a?b=c.yml', 'a%3Fb%3Dc.yml'],
    ['100%.yml', '100%25.yml'],
    ['a%2Fb.yml', 'a%252Fb.yml'],
    ['a/./b/../c.yml', 'a/c.yml'],
    ['..hidden/a.yml', '..hidden/a.yml'],
    ['...', '...'],
    ['C:\\work\\a.yml', 'C%3A%5Cwork%5Ca.yml'],
    ['a\nb.yml', 'a%0Ab.yml'],
    ['a\uD800b.yml', 'a%EF%BF%BDb.yml'],
    ['a`](x).yml', 'a%60%5D(x).yml'],
  ])('is linked to: %j', (file, path) => {
    expect(linked(`/runner/work/${file}`)).toBe(
      `https://github.com/acme/notifications/blob/${SHA}/${path}#L41`,
    );
  });

  test.each([
    '/etc/passwd',
    '/runner/work',
    '/runner/work/',
    '/runner/work/..',
    '/runner/work/../a.yml',
    '/runner/work/../../a.yml',
    '/runner/workshop/a.yml',
    '/runner/work/a/../../work.yml',
    '',
    '..',
  ])('is not where it is outside the repository: %j', (file) => {
    expect(linked(file)).toBeNull();
    expect(pathInRepository(run, file)).toBeNull();
  });

  test('takes any name of a file', () => {
    fc.assert(
      fc.property(anyText(), (name) => {
        const url = linked(`/runner/work/${name}`);
        if (url !== null)
          expect(url).toMatch(/^https:\/\/github\.com\/acme\/notifications\/blob\/[!-~]*#L41$/u);
      }),
    );
  });
});

describe('a run that works in a folder of the repository', () => {
  const [before, made]: [string, string[]] = [process.cwd(), []];

  beforeAll(async () => {
    const workspace = await realpath(await mkdtemp(join(tmpdir(), 'lakebell-run-')));
    made.push(workspace);
    await mkdir(join(workspace, 'infra', 'team a'), { recursive: true });
    process.chdir(join(workspace, 'infra', 'team a'));
  });

  afterAll(async () => {
    process.chdir(before);
    for (const folder of made) await rm(folder, { recursive: true });
  });

  test.each([
    ['notifications.yml', 'infra/team a/notifications.yml'],
    ['../b.yml', 'infra/b.yml'],
    ['./../../c.yml', 'c.yml'],
    ['../../../d.yml', null],
  ])('finds %s from there: %s', (file, path) => {
    const run = readRun({ ...ENVIRONMENT, GITHUB_WORKSPACE: made[0]! });
    expect(pathInRepository(run, file)).toBe(path);
    const place = { repository: 'a/b', sha: SHA, file, line: 1 };
    const url = `https://github.com/a/b/blob/${SHA}/${String(path).replace(' ', '%20')}#L1`;
    expect(lineUrl(run, place)).toBe(path === null ? null : url);
  });
});
