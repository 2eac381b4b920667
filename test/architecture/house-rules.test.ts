import { describe, expect, test } from '@jest/globals';
import { TOOL } from '../../src/app/tool.ts';
import { KINDS } from '../../src/kinds/index.ts';
import { filesIn, linesWith, textOf } from './source.ts';

const SOURCES = filesIn('src/**/*.ts');

describe('secrets', () => {
  test('are revealed only where a request is built, a token is sent, a fingerprint is taken or a message is cleaned', () => {
    const places = new Set(linesWith(SOURCES, /\.reveal\(\)/).map((place) => place.replace(/:\d+$/, '')));
    const elsewhere = [...places].filter((place) => !/^src\/kinds\/[^/]+\/api\.ts$/.test(place));
    expect(elsewhere.sort()).toEqual([
      'src/databricks/auth/bearer.ts',
      // To take out of a server's words what it quotes.
      'src/databricks/mask.ts',
      'src/record/fingerprint.ts',
    ]);
  });
});

describe('the world', () => {
  test('is reached through a host: no process, console or clock of its own elsewhere', () => {
    const others = SOURCES.filter(({ path }) => !/^src\/((cli|action)\.ts|host\/|sandbox\/)/.test(path));
    // A line of comment may name what the code may not.
    expect(
      linesWith(others, /^(?!\s*(\*|\/)).*\b(process\.|console\.|Date\.now|new Date\(\)|Math\.random)/),
    ).toEqual([]);
  });
});

describe('exemptions', () => {
  test('from lint, types and coverage are counted, so that a new one is seen', () => {
    const exempt = /oxlint-disable|eslint-disable|@ts-|istanbul|c8 ignore|\bas any\b|as unknown as/;
    expect(linesWith(SOURCES, exempt)).toEqual([]);
  });

  test('stand in no test either: nothing is skipped or focused', () => {
    const tests = filesIn('test/**/*.test.ts').filter(({ path }) => !path.startsWith('test/architecture/'));
    expect(linesWith(tests, /\b(test|describe|it)\.(skip|only|todo)\b|\bx(test|describe)\(/)).toEqual([]);
  });
});

describe('sizes', () => {
  test('of source files stay small: median at most 90 lines, 90 % at most 200', () => {
    const lengths = SOURCES.map(({ text }) => text.split('\n').length - 1).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(90);
    expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(200);
  });
});

describe('every kind', () => {
  test.each(KINDS.map(({ name }) => name))('%s has a fixture, a docs page and an example', (name) => {
    const missing = [
      [`test/kinds/${name}.fixture.ts`, 'entries for the conformance test'],
      [`docs/kinds/${name}.md`, 'a page that explains it'],
      [`examples/${name}/notifications.yml`, 'a configuration that runs'],
    ].filter(([path]) => filesIn(String(path)).length === 0);
    expect(missing).toEqual([]);
  });
});

describe('what is written in two places', () => {
  test('the version of the tool is that of package.json', () => {
    expect((JSON.parse(textOf('package.json')) as { version: string }).version).toBe(TOOL.version);
  });

  test('every dependency has its line in docs/dependencies.md', () => {
    const manifest = JSON.parse(textOf('package.json')) as Record<string, Record<string, string>>;
    const names = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((key) =>
      Object.keys(manifest[key] ?? {}),
    );
    const page = textOf('docs/dependencies.md');
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('the lock file', () => {
  test('carries no address of a registry', () => {
    expect(textOf('package-lock.json')).not.toMatch(/"resolved"|https?:\/\/[^"]*registry/);
  });
});
