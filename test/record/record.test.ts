import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { InternalError, RecordError } from '../../src/core/errors.ts';
import { emptyRecord, parseRecord, serialiseRecord, stampRecord } from '../../src/record/record.ts';
import { RECORD_SCHEMA } from '../../src/record/schema.ts';
import { violation } from '../../src/record/check.ts';
import { aFullRecord, aRecord, aRecordedObject, NOON, SCOPE, STAMP } from './support/builders.ts';

const PLACE = 'file r.json';
const isValid = new Ajv2020({ allErrors: false, strict: true, allowUnionTypes: true }).compile(RECORD_SCHEMA);

describe('emptyRecord', () => {
  test('fits the schema and starts at serial 0 with a lineage of its own', () => {
    const [first, second] = [emptyRecord(SCOPE, STAMP), emptyRecord(SCOPE, STAMP)];
    expect(isValid(first)).toBe(true);
    expect(first.serial).toBe(0);
    expect(first.lineage).not.toBe(second.lineage);
    expect(first.updated_at).toBe('2026-11-21T12:00:00.000Z');
  });
});

describe('stampRecord', () => {
  test('counts the save and leaves lineage and content alone', () => {
    const before = aFullRecord();
    const after = stampRecord(before, { ...STAMP, identity: 'sp-other', at: NOON + 1000 });
    expect(after).toEqual({
      ...before,
      serial: 8,
      identity: 'sp-other',
      updated_at: '2026-11-21T12:00:01.000Z',
    });
  });
});

describe('serialiseRecord', () => {
  test('gives a text that reads back as the same record', () => {
    expect(parseRecord(serialiseRecord(aFullRecord()), PLACE, SCOPE)).toEqual(aFullRecord());
  });

  test('does not depend on the order in which keys were added', () => {
    const one = aRecordedObject();
    const forward = aRecord({ objects: { 'job/1': one, 'job/10': one, '': one } });
    const backward = aRecord({ objects: { '': one, 'job/10': one, 'job/1': reversed(one) } });
    expect(serialiseRecord(reversed(backward))).toBe(serialiseRecord(forward));
    expect(serialiseRecord(forward)).toMatch(/^\{\n {2}"format_version": "1\.0",\n/);
  });

  test('leaves out an optional key that is undefined', () => {
    const text = serialiseRecord(
      aRecord({ objects: { 'job/1': aRecordedObject({ replacing: undefined }) } }),
    );
    expect(text).not.toContain('replacing');
    expect(parseRecord(text, PLACE, SCOPE).objects['job/1']?.key).toBe('team-slack');
  });

  test('refuses to write what could not be read again', () => {
    expect(() => serialiseRecord(aRecord({ serial: -1 }))).toThrow(InternalError);
    expect(() => serialiseRecord(aRecord({ lineage: 'x' }))).toThrow('lineage does not have the form');
  });
});

describe('parseRecord', () => {
  test('refuses every text that was cut short', () => {
    const text = serialiseRecord(aFullRecord()).trimEnd();
    fc.assert(
      fc.property(fc.nat(text.length - 1), (length) => {
        expect(() => parseRecord(text.slice(0, length), PLACE, SCOPE)).toThrow(RecordError);
      }),
    );
  });

  test.each([
    ['', 'the record (file r.json) is damaged: it is empty'],
    [
      '{"format_version": "1.0", "tool"',
      'the record (file r.json) is damaged: it is not JSON, or was cut short',
    ],
    ['[]', 'the record (file r.json) is damaged: it is not object'],
    ['{}', 'the record (file r.json) is damaged: format_version is missing'],
    ['{"format_version": "one"}', 'the record (file r.json) is damaged: tool is missing'],
    [
      '{"format_version": "2.0"}',
      'the record (file r.json) has format 2.0, and this lakebell reads up to 1.0',
    ],
    [
      '{"format_version": "1.10"}',
      'the record (file r.json) has format 1.10, and this lakebell reads up to 1.0',
    ],
  ])('says in one sentence what is wrong with %j', (text, message) => {
    expect(refusal(text)).toMatchObject({ message, exitCode: 5 });
  });

  test('names the place inside the record that is damaged', () => {
    const objects = { 'job/1': { ...aRecordedObject(), id: 17 } };
    expect(refusal(JSON.stringify({ ...aRecord(), objects }))).toMatchObject({
      code: 'record-damaged',
      message: 'the record (file r.json) is damaged: objects."job/1".id is not string',
    });
  });

  test.each([
    [
      { config: 'other' },
      'the record (file r.json) belongs to the configuration "other", and this run is for "data-platform"',
    ],
    [{ target: null }, 'the record (file r.json) belongs to the target (none), and this run is for "prod"'],
    [
      { workspace_id: '5' },
      'the record (file r.json) belongs to the workspace 5, and this run is for 9007199254740993',
    ],
  ])('refuses the record of another configuration, target or workspace: %j', (changes, message) => {
    expect(refusal(serialiseRecord(aRecord(changes)))).toMatchObject({ message, code: 'record-foreign' });
  });
});

describe('the record schema', () => {
  test('accepts a record with one of everything', () => {
    expect(isValid(aFullRecord())).toBe(true);
  });

  test('describes every field', () => {
    expect(undescribed(RECORD_SCHEMA, '$')).toEqual([]);
  });

  test('is judged by our own check exactly as by ajv', () => {
    const seen = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(fc.nat(), fc.nat(), replacement, (at, how, value) => {
        const mutant: unknown = mutate(aFullRecord(), at, how % 3, value);
        const verdict = isValid(mutant);
        seen[verdict ? 'valid' : 'invalid'] += 1;
        expect(violation(RECORD_SCHEMA, mutant) === null).toBe(verdict);
      }),
      { numRuns: 500 },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(10);
  });
});

const replacement = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', 'x', 0, -1, 1.5, [], {}, ['x'], [1], { x: 'y' }, { x: null }),
  fc.constantFrom('1.0', 'scrypt', '2026-11-20T08:00:00Z', '2026-11-20', `${'A'.repeat(43)}=`),
  fc.jsonValue({ maxDepth: 2 }),
);

type Members = Record<string, unknown>;

/** Replaces, removes or adds one member at a random place. */
function mutate(document: unknown, at: number, how: number, value: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(document));
  const slots = slotsOf(copy);
  const [node, key] = slots[at % slots.length]!;
  if (how === 2) node[key] = value;
  else if (Array.isArray(node)) node.splice(Number(key), 1 - how, ...(how === 0 ? [] : [value]));
  else if (how === 0) delete node[key];
  else node['extra'] = value;
  return copy;
}

function slotsOf(value: unknown): [Members, string][] {
  if (typeof value !== 'object' || value === null) return [];
  const node = value as Members;
  return Object.keys(node).flatMap((key) => [[node, key], ...slotsOf(node[key])]);
}

function undescribed(schema: object, path: string): string[] {
  const own = 'description' in schema ? [] : [path];
  const children = Object.entries({
    ...('properties' in schema ? (schema.properties as object) : {}),
    ...('items' in schema ? { '[]': schema.items } : {}),
    ...('additionalProperties' in schema && schema.additionalProperties !== false
      ? { '*': schema.additionalProperties }
      : {}),
  });
  return [...own, ...children.flatMap(([key, child]) => undescribed(child as object, `${path}.${key}`))];
}

function reversed<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).toReversed()) as T;
}

function refusal(text: string): unknown {
  try {
    return parseRecord(text, PLACE, SCOPE);
  } catch (error) {
    return error;
  }
}
