import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { diskReader } from '../../src/config/disk-reader.ts';
import { LIMITS } from '../../src/config/limits.ts';
import { loadConfig, type LoadedConfig } from '../../src/config/load.ts';
import { SECTIONS } from '../../src/kinds/index.ts';
import { memoryReader, shown } from './support.ts';

let root = '';

beforeEach(async () => {
  root = join(await realpath(await mkdtemp(join(tmpdir(), 'lakebell-include-'))), 'repository');
  await mkdir(root);
});

afterEach(async () => {
  await rm(dirname(root), { recursive: true });
});

async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

function load(file = join(root, 'notifications.yml')): Promise<LoadedConfig> {
  return loadConfig({ reader: diskReader, file, target: undefined, env: {}, kinds: SECTIONS });
}

async function mistakes(): Promise<readonly string[]> {
  const { diagnostics } = await load();
  return diagnostics.map(({ at, code, message }) =>
    `${at?.file ?? ''}:${at?.line} ${code}: ${message}`.replaceAll(`${root}/`, ''),
  );
}

function including(...patterns: string[]): string {
  return `version: 1\ninclude: ${JSON.stringify(patterns)}\n`;
}

describe('include', () => {
  test('adds sections and variables of other files, sorted by name', async () => {
    await write({
      'notifications.yml': `${including('teams/*.yml', 'more.yml')}jobs: { main: { notify: { on_failure: ["\${var.team}"] } } }\n`,
      'more.yml': 'variables: { team: a@x.test }\n',
      'teams/b.yml': 'version: 1\njobs: { b: {} }\n',
      'teams/a.yml': 'jobs:\n  a: {}\ndestinations:\n  chat: { existing: true }\n',
    });
    const { config, diagnostics } = await load();
    expect(diagnostics).toEqual([]);
    expect(config?.files).toEqual(
      ['notifications.yml', 'more.yml', 'teams/a.yml', 'teams/b.yml'].map((name) => join(root, name)),
    );
    expect(config?.sections).toEqual({
      destinations: { chat: { existing: true } },
      jobs: { main: { notify: { on_failure: ['a@x.test'] } }, a: {}, b: {} },
      pipelines: {},
      registry_webhooks: {},
      rules: {},
    });
    expect(config?.positionOf(['jobs', 'a'])).toEqual({
      file: join(root, 'teams/a.yml'),
      line: 2,
      column: 3,
    });
  });

  test('hashes the contents of all files', async () => {
    await write({ 'notifications.yml': including('a.yml'), 'a.yml': 'jobs: { a: {} }\n' });
    const expected = createHash('sha256')
      .update(`${including('a.yml')}\0jobs: { a: {} }\n`)
      .digest('hex');
    expect((await load()).config?.sha256).toBe(expected);
  });

  test('names files as the user did', async () => {
    const files = { 'conf/n.yml': including('*.yml'), 'conf/a.yml': 'jobs: { a: {} }\n' };
    const reader = memoryReader(files, { '*.yml': ['n.yml', 'a.yml'] });
    const { config } = await loadConfig({
      reader,
      file: 'conf/n.yml',
      target: undefined,
      env: {},
      kinds: SECTIONS,
    });
    expect(config?.files).toEqual(['conf/n.yml', 'conf/a.yml']);
  });

  test('takes a file once, and never the main file', async () => {
    await write({ 'notifications.yml': including('*.yml', 'a*.yml'), 'a.yml': 'jobs: { a: {} }\n' });
    const { config, diagnostics } = await load();
    expect(diagnostics).toEqual([]);
    expect(config?.files).toHaveLength(2);
  });

  test('follows links that stay inside', async () => {
    await write({
      'notifications.yml': including('teams/*.yml'),
      'real/a.yml': 'jobs: { a: {} }\n',
      'teams/keep': '',
    });
    await symlink('../real/a.yml', join(root, 'teams/a.yml'));
    expect((await load()).config?.sections['jobs']).toEqual({ a: {} });
  });

  test('refuses links that lead outside', async () => {
    await write({
      'notifications.yml': including('teams/*.yml'),
      '../outside.yml': 'jobs: { a: {} }\n',
      'teams/keep': '',
    });
    await symlink('../../outside.yml', join(root, 'teams/a.yml'));
    expect(await mistakes()).toEqual([
      "notifications.yml:2 include-outside: teams/a.yml is a link out of the configuration's folder",
    ]);
  });

  test('does not walk through links to folders', async () => {
    await write({
      'notifications.yml': including('teams/**/*.yml'),
      '../outside/a.yml': 'jobs: { a: {} }\n',
      'teams/keep': '',
    });
    await symlink('../../outside', join(root, 'teams/link'));
    await symlink('.', join(root, 'teams/loop'));
    expect(await mistakes()).toEqual([
      'notifications.yml:2 include-empty: include "teams/**/*.yml" matches no file',
    ]);
  });

  test('accepts a folder that is itself reached through a link', async () => {
    await write({ 'notifications.yml': including('a.yml'), 'a.yml': 'jobs: { a: {} }\n' });
    await symlink(root, join(dirname(root), 'link'));
    expect((await load(join(dirname(root), 'link', 'notifications.yml'))).diagnostics).toEqual([]);
  });

  test.each([
    [
      'a path upwards',
      ['../*.yml'],
      'notifications.yml:2 include-outside: include "../*.yml" leads out of the configuration\'s folder',
    ],
    [
      'an absolute path',
      ['/etc/*.yml'],
      'notifications.yml:2 include-outside: include "/etc/*.yml" leads out of the configuration\'s folder',
    ],
    [
      'a glob that takes for ever',
      ['*a*a*a*a*a*b.yml'],
      'notifications.yml:2 include-pattern: include "*a*a*a*a*a*b.yml" has too many wildcards',
    ],
    [
      'a glob that names what is not wanted',
      ['!a.yml'],
      'notifications.yml:2 include-pattern: include "!a.yml" may not begin with "!"',
    ],
    [
      'a glob that matches nothing',
      ['teams/*.yaml'],
      'notifications.yml:2 include-empty: include "teams/*.yaml" matches no file',
    ],
  ])('reports %s', async (_title, patterns, expected) => {
    await write({ 'notifications.yml': including(...patterns) });
    expect(await mistakes()).toEqual([expected]);
  });

  test.each(['a\u0000/b.yml', '[', '{', ' ', '{a,{b,{c', 'C:\\x.yml', '**/**/[!a]?.yml'])(
    'survives the glob %j',
    async (pattern) => {
      await write({ 'notifications.yml': including(pattern) });
      expect((await load()).diagnostics).toMatchObject([{ code: 'include-empty', severity: 'warning' }]);
    },
  );

  test('reports what only the main file may hold', async () => {
    await write({
      'notifications.yml': including('a.yml'),
      'a.yml': 'version: 2\nname: x\nsettings: {}\ntargets: {}\ninclude: []\n',
    });
    expect(await mistakes()).toEqual([
      'a.yml:1 include-key: an included file must be of the same version as the main file',
      'a.yml:2 include-key: an included file may not hold "name"',
      'a.yml:3 include-key: an included file may not hold "settings"',
      'a.yml:4 include-key: an included file may not hold "targets"',
      'a.yml:5 include-key: an included file may not hold "include"',
    ]);
  });

  test('reports a key that stands in two files, naming both places', async () => {
    await write({
      'notifications.yml': `${including('*.yml')}jobs:\n  etl: {}\n`,
      'a.yml': 'jobs:\n  etl: {}\n  one: {}\n',
      'b.yml': 'variables: { x: 1 }\njobs:\n  one: {}\n',
      'c.yml': 'variables: { x: 2 }\n',
    });
    expect(await mistakes()).toEqual([
      'a.yml:2 duplicate-key: jobs "etl" stands twice: notifications.yml:4 and a.yml:2',
      'b.yml:3 duplicate-key: jobs "one" stands twice: a.yml:3 and b.yml:3',
      'c.yml:1 duplicate-key: variables "x" stands twice: b.yml:1 and c.yml:1',
    ]);
  });

  test('goes on after a file with a syntax error', async () => {
    await write({
      'notifications.yml': including('*.yml'),
      'a.yml': 'jobs: [',
      'b.yml': '',
      'c.yml': 'jobs: { c: { x: 1 } }',
    });
    expect((await mistakes()).map((line) => line.split(':').slice(0, 2).join(':'))).toEqual([
      'a.yml:1 yaml-syntax',
      'b.yml:1 empty-file',
      'c.yml:1 unknown-key',
    ]);
  });

  test('reports files that are no text or too large', async () => {
    await write({
      'notifications.yml': including('*.yml'),
      'a.yml': Uint8Array.from([0xff, 0xfe, 0x61, 0x00]),
      'b.yml': `# ${'x'.repeat(LIMITS.fileBytes)}`,
    });
    expect(await mistakes()).toEqual([
      'notifications.yml:2 file-unreadable: a.yml is not UTF-8 text',
      'notifications.yml:2 too-large: b.yml is larger than 1 MiB',
    ]);
  });

  test('reads no more than 4 MiB and 200 files in all', async () => {
    const names = Array.from({ length: 250 }, (_, i) => `${i}.yml`);
    const small = Object.fromEntries(names.map((name) => [name, `jobs: { "${name}": {} }`]));
    const many = await loadConfig({
      reader: memoryReader({ 'n.yml': including('*'), ...small }, { '*': names }),
      file: 'n.yml',
      target: undefined,
      env: {},
      kinds: SECTIONS,
    });
    expect(many.diagnostics.map(({ message }) => message)).toEqual(['more than 200 files']);
    const large = Object.fromEntries(
      names.slice(0, 5).map((name) => [name, `# ${'x'.repeat(LIMITS.fileBytes - 100)}\njobs: {}`]),
    );
    const much = await loadConfig({
      reader: memoryReader({ 'n.yml': including('*'), ...large }, { '*': names.slice(0, 5) }),
      file: 'n.yml',
      target: undefined,
      env: {},
      kinds: SECTIONS,
    });
    expect(shown(much.diagnostics)).toEqual([
      '2:11 too-large: all files together are larger than 4 MiB; use fewer or smaller ones',
    ]);
  });

  test('says what is the matter with a main file that cannot be read', async () => {
    await mkdir(join(root, 'folder'));
    const messages = await Promise.all(
      ['nothing.yml', 'folder'].map(async (name) =>
        (await load(join(root, name))).diagnostics[0]?.message.replace(`${root}/`, ''),
      ),
    );
    expect(messages).toEqual(['there is no file nothing.yml', 'folder is a folder']);
  });
});
