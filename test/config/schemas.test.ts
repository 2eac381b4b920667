import { readFile } from 'node:fs/promises';
import { registerSchema, validate as hyperjumpValidate } from '@hyperjump/json-schema/draft-2020-12';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse as parseYaml } from 'yaml';
import { validate as generatedValidate } from '../../src/config/generated/validator.js';
import { hoist } from '../../src/config/hoist.ts';
import { composeEditorSchema, composeSchema } from '../../src/config/schema.ts';
import { SECTIONS } from '../../src/kinds/index.ts';
import { renderSchemas } from '../../script/schemas.ts';

const root = new URL('../../', import.meta.url);

describe('the generated files', () => {
  test('are what the kinds make of them now (else run `node script/schemas.ts`)', async () => {
    for (const [path, text] of Object.entries(await renderSchemas())) {
      expect(`${path}\n${await readFile(new URL(path, root), 'utf8')}`).toBe(`${path}\n${text}`);
    }
  });
});

const RIGHT = [
  'version: 1',
  'version: 1\nname: a.b-c_d',
  'version: 1\njobs: { a: { notify: { on_failure: [x, y@x.test] }, strict: true, mode: ensure } }',
  'version: 1\njobs: { a: { id: 5, webhook_notifications: { on_start: [a, { id: b }] } } }',
  'version: 1\nsettings: { record: { file: x.json }, limits: { max_deletes: 3 } }',
  'version: 1\ndestinations: { a: { slack: { url: x } }, b: { existing: true } }',
  'version: 1\ntargets: { dev: { host: x, default: true, secrets: { A: B } } }',
  'version: 1\nvariables: { a: [1, b, true], b: null }',
  'version: 1\nremoved: [destination/a, "job/a b"]\nmoved: [{ from: job/a, to: job/b }]',
  'version: 1\nremoved:\nmoved:\ntargets: { dev: { removed: [job/a], moved: null } }',
  'version: 1\nsettings: { secret_max_age: 90 days, mutes: [{ address: a, until: 2026-12-31, why: b }] }',
  'version: 1\nrules: { a: { select: { name: "etl-*" }, notify: { on_failure: [x, y@x.test] } } }',
  'version: 1\nrules: { a: { select: { name: [a, "b*"], tags: { env: [prod], b: "*" }, creator: a, run_as: [b] }, mode: exact, strict: true } }',
  'version: 1\nrules: { a: { select: { bundle: true, has_schedule: false, exclude: { bundle: [etl] } }, mode: forbid, notify: { on_failure: ["*@x.test"] } } }',
  'version: 1\nrules: { a: { select: {}, tasks: { "load_?*": { notify: { on_failure: [x] } } } } }',
  'version: 1\nsettings: { bundle_jobs: skip }\nrules: {}',
];

const WRONG = [
  '{}',
  '[]',
  'version: 2',
  'version: 1\nname: a/b',
  'version: 1\nfoo: 1',
  'version: 1\njobs: { a: { notify: { on_failure: x } } }',
  'version: 1\njobs: { a: { notify: { on_fail: [x] } } }',
  'version: 1\njobs: { a: { strict: 5 } }',
  'version: 1\njobs: { a: { webhook_notifications: { on_start: [7] } } }',
  'version: 1\njobs: { a: { webhook_notifications: { on_start: [a, b, c, d] } } }',
  'version: 1\njobs: { a: { health: { rules: [{ metric: X }] } } }',
  'version: 1\nsettings: { record: { file: x.json, workspace: /y } }',
  'version: 1\nsettings: { limits: { max_delete_percent: 101 } }',
  'version: 1\ndestinations: { a@b: { existing: true } }',
  'version: 1\ndestinations: { " a": { existing: true } }',
  'version: 1\ntargets: { dev: { hots: x } }',
  'version: 1\nvariables: { a: { b: c } }',
  'version: 1\nremoved: destination/a',
  'version: 1\nremoved: [a]',
  'version: 1\nremoved: [job/a, job/a]',
  'version: 1\nmoved: [{ from: job/a }]',
  'version: 1\nmoved: { job/a: job/b }',
  'version: 1\nsettings: { secret_max_age: 1 year }',
  'version: 1\nsettings: { mutes: [{ address: a, until: 2026-12-31 }] }',
  'version: 1\nrules: { a: { notify: { on_failure: [x] } } }',
  'version: 1\nrules: { a: { select: { nmae: x } } }',
  'version: 1\nrules: { a: { select: { name: [] } } }',
  'version: 1\nrules: { a: { select: { name: "" } } }',
  'version: 1\nrules: { a: { select: { tags: {} } } }',
  'version: 1\nrules: { a: { select: { tags: { env: 1 } } } }',
  'version: 1\nrules: { a: { select: { has_schedule: 1 } } }',
  'version: 1\nrules: { a: { select: { name: x, exclude: {} } } }',
  'version: 1\nrules: { a: { select: { name: x, exclude: { exclude: { name: y } } } } }',
  'version: 1\nrules: { a: { select: { name: x }, mode: forbidden } }',
  'version: 1\nrules: { a: { select: { name: x }, name: y } }',
  'version: 1\nrules: { a: { select: { name: x }, tasks: { "a.b": { notify: { on_failure: [x] } } } } }',
  'version: 1\nrules: [{ select: { name: x } }]',
];

describe.each([
  ['the schema for what is loaded', hoist(composeSchema(SECTIONS)), 'urn:lakebell:test:strict'],
  ['the schema for editors', hoist(composeEditorSchema(SECTIONS)), 'urn:lakebell:test:editor'],
])('%s', (_title, schema, id) => {
  const ajv = new Ajv2020({ allowUnionTypes: true, strict: true });
  ajv.addVocabulary(['x-secret', 'enumDescriptions']);
  const ajvValidate = ajv.compile(schema);

  beforeAll(() => {
    registerSchema({ ...schema, $id: id }, id);
  });

  async function verdicts(text: string): Promise<readonly boolean[]> {
    const document = parseYaml(text);
    return [ajvValidate(document), (await hyperjumpValidate(id, document)).valid];
  }

  test.each(RIGHT)('accepts %j, says ajv and says hyperjump', async (text) => {
    expect(await verdicts(text)).toEqual([true, true]);
  });

  test.each(WRONG)('refuses %j, says ajv and says hyperjump', async (text) => {
    expect(await verdicts(text)).toEqual([false, false]);
  });
});

describe('the generated validator', () => {
  test.each(RIGHT)('accepts %j', (text) => {
    expect(generatedValidate(parseYaml(text))).toBe(true);
  });

  test.each(WRONG)('refuses %j', (text) => {
    expect(generatedValidate(parseYaml(text))).toBe(false);
  });
});

describe('the schema for editors', () => {
  const ajv = new Ajv2020({ allowUnionTypes: true, strict: false });
  const accepts = ajv.compile(composeEditorSchema(SECTIONS));

  test.each([
    ['a reference for a boolean', 'jobs: { a: { strict: "${var.x}" } }'],
    [
      'a reference for a number',
      'jobs: { a: { health: { rules: [{ metric: "${var.m}", op: GREATER_THAN, value: "${var.n}" }] } } }',
    ],
    ['a reference for a list', 'jobs: { a: { notify: { on_failure: "${var.all}" } } }'],
    [
      'a reference for a choice',
      'jobs: { a: { mode: "x-${var.m}" } }\nsettings: { bundle_jobs: "${var.b}" }',
    ],
    [
      'null that removes, in a target',
      'targets: { dev: { jobs: { a: null, b: { notify: { on_failure: null }, mode: null } } } }',
    ],
    [
      'a part of an entry, in a target',
      'targets: { dev: { jobs: { a: { health: {} } }, settings: { limits: { max_deletes: 1 } } } }',
    ],
  ])('accepts %s', (_title, text) => {
    expect([accepts(parseYaml(`version: 1\n${text}`)), accepts.errors]).toEqual([true, null]);
  });

  test.each([
    ['text for a boolean', 'jobs: { a: { strict: "yes" } }'],
    ['null outside of targets', 'jobs: { a: { mode: null } }'],
    ['an unknown key in a target', 'targets: { dev: { jobs: { a: { notfy: {} } } } }'],
    ['a wrong choice in a target', 'targets: { dev: { jobs: { a: { mode: exat } } } }'],
  ])('refuses %s', (_title, text) => {
    expect(accepts(parseYaml(`version: 1\n${text}`))).toBe(false);
  });

  test('explains every key', () => {
    const silent: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [keyword, inner] of Object.entries(schema)) {
        if (keyword === 'properties') {
          for (const [key, property] of Object.entries<Record<string, unknown>>(inner)) {
            if (typeof property['description'] !== 'string') silent.push(`${path}.${key}`);
          }
        }
        if (typeof inner === 'object' && !['examples', 'default', 'enum'].includes(keyword))
          visit(inner, `${path}.${keyword}`);
      }
    };
    visit(composeEditorSchema(SECTIONS), '');
    expect(silent).toEqual([]);
  });
});
