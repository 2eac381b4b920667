import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { PlanDocument } from '../../src/core/document.ts';
import { renderJson } from '../../src/report/json.ts';
import { planSchema, validateSchema } from '../../src/report/plan-schema.ts';
import { aDiagnostic, aPlan, anOutcome, aValidation } from './support/builders.ts';
import { APPLIES, PLANS } from './support/plans.ts';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const isPlan = ajv.compile(planSchema());
const isValidation = ajv.compile(validateSchema());

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const everything: PlanDocument = {
  ...PLANS['every-verb']!,
  refusals: PLANS['refusal']!.refusals,
  unreadable: PLANS['blocked']!.unreadable,
  outcomes: [anOutcome()],
};

/** Every object in a document, by its path. */
function objectsOf(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, child]) => objectsOf(child, [...path, key]));
  return Array.isArray(value) ? inner : [path, ...inner];
}

function changed(
  value: Json,
  path: readonly string[],
  change: (object: { [key: string]: Json }) => void,
): Json {
  const copy = structuredClone(value);
  const object = path.reduce<Json>((inner, key) => (inner as { [key: string]: Json })[key]!, copy);
  change(object as { [key: string]: Json });
  return copy;
}

const OPTIONAL = ['outcomes', 'allowed'];
const cases = [
  ['a plan', everything, isPlan],
  ['plans', JSON.parse(renderJson([everything, aPlan()])) as Json, isPlan],
  ['a validation', aValidation({ diagnostics: [aDiagnostic()] }), isValidation],
] as const;

describe('the schemas', () => {
  test.each([...Object.entries(PLANS), ...Object.entries(APPLIES)])('accept the plan %s', (_name, plan) => {
    expect([isPlan(JSON.parse(renderJson([plan]))), isPlan.errors]).toEqual([true, null]);
    expect(isPlan(JSON.parse(renderJson([plan, plan])))).toBe(true);
  });

  test('accept a validation', () => {
    const document = aValidation({
      diagnostics: [aDiagnostic(), aDiagnostic({ file: null, line: null, column: null, hint: null })],
    });
    expect([isValidation(document), isValidation.errors]).toEqual([true, null]);
  });

  test.each(cases)('refuse %s without any one of its keys', (_name, document, isValid) => {
    const json = document as unknown as Json;
    const keys = objectsOf(json).flatMap((path) => {
      const object = path.reduce<Json>((inner, key) => (inner as { [key: string]: Json })[key]!, json);
      return Object.keys(object as object).map((key) => [path, key] as const);
    });
    const passed = keys.filter(
      ([path, key]) =>
        !OPTIONAL.includes(key) && isValid(changed(json, path, (object) => delete object[key])),
    );
    expect(keys.length).toBeGreaterThan(10);
    expect(passed).toEqual([]);
  });

  test.each(cases)('refuse %s with an unknown key anywhere', (_name, document, isValid) => {
    const json = document as unknown as Json;
    const passed = objectsOf(json).filter((path) =>
      isValid(changed(json, path, (object) => (object['surprise'] = 1))),
    );
    expect(passed).toEqual([]);
  });

  test.each([
    ['an unknown verb', { changes: [{ ...everything.changes[0]!, verb: 'explode' }] }],
    ['a digest of another form', { digest: 'md5:1' }],
    ['a count below zero', { summary: { ...everything.summary, create: -1 } }],
    ['another format', { format_version: '2.0' }],
  ])('refuse %s', (_name, parts) => {
    expect(isPlan({ ...everything, ...parts })).toBe(false);
  });

  test('describe every property', () => {
    const bare = [planSchema(), validateSchema()].flatMap((schema) => undescribed(schema as unknown as Json));
    expect(bare).toEqual([]);
  });

  test.each([
    ['plan', planSchema()],
    ['report', validateSchema()],
  ])('are committed as the code says: %s (else: node script/plan-schemas.ts)', (name, schema) => {
    const file = new URL(`../../schemas/${name}.schema.json`, import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema);
  });
});

function undescribed(schema: Json, path = ''): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {} } = schema as { properties?: { [name: string]: { description?: string } } };
  const bare = Object.entries(properties).filter(([, property]) => (property.description ?? '') === '');
  return [
    ...bare.map(([name]) => `${path}/${name}`),
    ...Object.entries(schema).flatMap(([key, inner]) => undescribed(inner, `${path}/${key}`)),
  ];
}
