import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { desire } from '../../src/engine/desired.ts';
import { KINDS } from '../../src/kinds/index.ts';
import type { JsonSchema } from '../../src/kinds/kind.ts';
import { filesIn, ROOT, textOf } from '../architecture/source.ts';
import { loadText } from '../config/support.ts';
import { secretsIn } from '../examples/support/example.ts';
import { anchorsIn, blocksIn, linksIn } from './markdown.ts';

const PAGES = filesIn('*.md', 'docs/**/*.md', 'examples/**/*.md');

const CONFIGURATIONS = [
  ...filesIn('examples/*/*.yml', '!examples/workflows/*').map(({ path, text }) => ({ place: path, text })),
  ...PAGES.flatMap(({ path, text }) =>
    blocksIn(text)
      .blocks.filter((block) => block.language === 'yaml' && /^version:/m.test(block.text))
      .map((block) => ({ place: `${path}:${block.line}`, text: block.text })),
  ),
];

describe('pages', () => {
  test.each(PAGES)('$path closes every fence', ({ text }) => {
    expect(blocksIn(text).isBalanced).toBe(true);
  });

  test.each(PAGES)('$path has links that lead somewhere', ({ path, text }) => {
    const broken = linksIn(text)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !leadsSomewhere(path, target));
    expect(broken).toEqual([]);
  });

  test.each(PAGES)('$path names no folder of a machine', ({ text }) => {
    expect(text).not.toMatch(/(^|[\s`"'(])\/(work|tmp|home|root)\b/m);
  });

  test.each(CONFIGURATIONS)('$place holds a configuration that is right', async ({ text }) => {
    const env = Object.fromEntries(secretsIn(text).map((name) => [name, `value of ${name}`]));
    const { draft, diagnostics } = await loadText(text, { env });
    expect(diagnostics).toEqual([]);
    expect(draft && desire(draft, KINDS).diagnostics).toEqual([]);
  });

  test('hold configurations at all', () => {
    expect(CONFIGURATIONS.map(({ place }) => place.replace(/:\d+$/, ''))).toEqual(
      expect.arrayContaining([
        'README.md',
        'docs/kinds/destination.md',
        'docs/kinds/job.md',
        'docs/kinds/pipeline.md',
        'docs/rules.md',
        'examples/job/notifications.yml',
        'examples/rules/notifications.yml',
      ]),
    );
  });
});

describe("a kind's page", () => {
  test.each([...KINDS])(
    '$name names every key of its entries, and every value to choose from',
    ({ name, schema }) => {
      const page = textOf(`docs/kinds/${name}.md`);
      const missing = [...new Set(wordsOf(schema))].filter((word) => !isNamed(page, word));
      expect(missing).toEqual([]);
    },
  );

  test.each([...KINDS])(
    '$name gives the keys of an entry with type, default and meaning',
    ({ name, schema }) => {
      const page = textOf(`docs/kinds/${name}.md`);
      const types =
        name === 'destination' ? ['slack', 'microsoft_teams', 'pagerduty', 'generic_webhook', 'email'] : [];
      const rows = Object.keys(propertiesOf(schema)).filter((key) => !types.includes(key));
      for (const key of rows) expect(page).toMatch(new RegExp(`^\\| \`${key}\` +\\|`, 'm'));
    },
  );
});

describe('docs/architecture.md', () => {
  test('has a paragraph for every room of src', () => {
    const rooms = new Set(filesIn('src/*/**/*.ts').map(({ path }) => String(path.split('/')[1])));
    const page = textOf('docs/architecture.md');
    expect([...rooms].filter((room) => !page.includes(`**\`${room}/\`**`))).toEqual([]);
  });

  test('names only files that are there', () => {
    const named = [...textOf('docs/architecture.md').matchAll(/`((?:src\/)?[a-z]+\/[a-z-]+\.ts)`/g)].map(
      ([, path]) => String(path),
    );
    expect(named.length).toBeGreaterThan(5);
    const gone = named.filter(
      (path) => !existsSync(join(ROOT, path.startsWith('src/') ? path : `src/${path}`)),
    );
    expect(gone).toEqual([]);
  });
});

function leadsSomewhere(page: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? page : join(dirname(page), decodeURIComponent(file));
  if (!existsSync(join(ROOT, path))) return false;
  return anchor === undefined || anchorsIn(textOf(path)).includes(anchor);
}

/** In backticks, alone or after a dot: `slack.url` names url. */
function isNamed(page: string, word: string): boolean {
  return [...page.matchAll(/`([^`\n]+)`/g)].some(([, code]) =>
    [/[^A-Za-z0-9_]+/, /[^A-Za-z0-9_-]+/].some((gap) => String(code).split(gap).includes(word)),
  );
}

/** Keys and choices of a schema, at every depth. */
function wordsOf(schema: JsonSchema): readonly string[] {
  const below = [schema['items'], schema['additionalProperties'], ...listOf(schema['anyOf'])].filter(
    isSchema,
  );
  return [
    ...Object.keys(propertiesOf(schema)),
    ...listOf(schema['enum']).map(String),
    ...[...Object.values(propertiesOf(schema)), ...below].flatMap(wordsOf),
  ];
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const { properties } = schema;
  return isSchema(properties)
    ? Object.fromEntries(
        Object.entries(properties).filter((entry): entry is [string, JsonSchema] => isSchema(entry[1])),
      )
    : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
