import { describe, expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import * as fc from 'fast-check';
import type { FieldChange } from '../../src/core/change.ts';
import { deltaOf, digestOperation, digestPlan, type Operation, sortedJson } from '../../src/core/digest.ts';
import { IdRef, Ref } from '../../src/core/value.ts';
import { aField, aSecret, UUID_A, WORKSPACE } from '../support/builders.ts';

function anOperation(parts: Partial<Operation> = {}): Operation {
  return { workspaceId: WORKSPACE, address: 'job/1', id: '1', verb: 'update', fields: [aField()], ...parts };
}

const digestOf = (field: Partial<FieldChange>): string =>
  digestOperation(anOperation({ fields: [aField(field)] }));

describe('digestOperation', () => {
  const base = digestOperation(anOperation());

  test('is a sha256 of what is done', () => {
    expect(base).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(digestOperation(anOperation())).toBe(base);
  });

  test.each<[string, Partial<Operation>]>([
    ['workspace', { workspaceId: '2' }],
    ['address', { address: 'job/2' }],
    ['id', { id: '2' }],
    ['no id', { id: null }],
    ['verb', { verb: 'adopt' }],
    ['no field', { fields: [] }],
    ['traits', { traits: { type: 'SLACK' } }],
    ['another field', { fields: [aField({ path: 'email_notifications.on_start' })] }],
    ['a further field', { fields: [aField(), aField({ path: 'z' })] }],
    ['another recipient', { fields: [aField({ after: ['other@company.test'] })] }],
    ['a further recipient', { fields: [aField({ after: ['oncall@company.test', 'b@company.test'] })] }],
    ['a removed recipient', { fields: [aField({ before: ['z@company.test'] })] }],
    [
      'a destination of that name',
      { fields: [aField({ after: [new Ref('destination/oncall@company.test')] })] },
    ],
    [
      'an id of that name',
      { fields: [aField({ after: [new IdRef('destination', 'oncall@company.test')] })] },
    ],
    ['a text in place of a list', { fields: [aField({ after: 'oncall@company.test' })] }],
  ])('differs with another %s', (_name, parts) => {
    expect(digestOperation(anOperation(parts))).not.toBe(base);
  });

  test.each<[string, Partial<FieldChange>, Partial<FieldChange>]>([
    ['unchanged recipients', { before: ['x'], after: ['x', 'a'] }, { before: ['y'], after: ['y', 'a'] }],
    ['the order of recipients', { after: ['a', 'b'] }, { after: ['b', 'a'] }],
    ['a recipient twice', { after: ['a', 'a'] }, { after: ['a'] }],
    ['drift', { isDrifted: true }, { isDrifted: false }],
    ['reasons', { reason: 'because' }, { reason: null }],
    ['whether the id is known', { verdict: 'unknown' }, { verdict: 'changed' }],
    ['how nothing is spelled', { before: null, after: 5 }, { before: '', after: 5 }],
    ['how an empty list is spelled', { before: null, after: ['a'] }, { before: [], after: ['a'] }],
  ])('is the same whatever %s', (_name, a, b) => {
    expect(digestOf(a)).toBe(digestOf(b));
  });

  test('tells before and after of a scalar', () => {
    expect(digestOf({ before: 1, after: 2 })).not.toBe(digestOf({ before: 2, after: 1 }));
    expect(digestOf({ before: 1, after: 2 })).not.toBe(digestOf({ before: '1', after: 2 }));
  });

  test('tells the reference of a secret and never its value', () => {
    const secret = (name: string, text: string) =>
      digestOf({ path: 'slack.url', after: aSecret(name, text) });
    expect(secret('A', 'one')).toBe(secret('A', 'two'));
    expect(secret('A', 'one')).not.toBe(secret('B', 'one'));
  });

  test('leaves a rotation out', () => {
    const rotated = aField({ path: 'slack.url', after: aSecret('A'), isRotated: true });
    expect(digestOperation(anOperation({ fields: [aField(), rotated] }))).toBe(base);
  });
});

describe('digestOperation with any recipients', () => {
  const names = fc.uniqueArray(
    fc.string({ maxLength: 3 }).filter((text) => text !== ''),
    { maxLength: 5 },
  );

  test('is equal exactly where the same recipients come and go', () => {
    fc.assert(
      fc.property(names, names, names, names, (b1, a1, b2, a2) => {
        const delta = (before: readonly string[], after: readonly string[]): string =>
          JSON.stringify([
            after.filter((name) => !before.includes(name)).sort(),
            before.filter((name) => !after.includes(name)).sort(),
          ]);
        const isSame = digestOf({ before: b1, after: a1 }) === digestOf({ before: b2, after: a2 });
        expect(isSame).toBe(delta(b1, a1) === delta(b2, a2));
      }),
    );
  });
});

describe('deltaOf', () => {
  test('tells what was added and removed', () => {
    expect(deltaOf(aField({ before: ['a', 'b'], after: ['b', new IdRef('destination', UUID_A)] }))).toEqual({
      path: 'email_notifications.on_failure',
      added: [`id:destination/${UUID_A}`],
      removed: ['string:a'],
    });
  });
});

describe('digestPlan', () => {
  test('does not depend on the order of operations', () => {
    expect(digestPlan(['a', 'b'], '1', 'n')).toBe(digestPlan(['b', 'a'], '1', 'n'));
  });

  test.each([
    ['another operation', ['a', 'c'], '1', 'n'],
    ['an operation less', ['a'], '1', 'n'],
    ['another workspace', ['a', 'b'], '2', 'n'],
    ['another configuration', ['a', 'b'], '1', 'm'],
  ])('differs with %s', (_name, ops, workspace, config) => {
    expect(digestPlan(ops, workspace, config)).not.toBe(digestPlan(['a', 'b'], '1', 'n'));
  });
});

describe('sortedJson', () => {
  test('is canonical JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const wellFormed = JSON.parse(JSON.stringify(value)) as unknown;
        expect(sortedJson(value)).toBe(canonicalize(wellFormed));
      }),
    );
  });

  test('sorts keys that look like numbers as texts', () => {
    expect(sortedJson({ '9': 1, '10': 2, b: 3, a: 4 })).toBe('{"10":2,"9":1,"a":4,"b":3}');
  });

  test('prints secrets and references as their labels', () => {
    expect(sortedJson({ b: aSecret('A'), a: [new Ref('destination/x')] })).toBe(
      '{"a":["x"],"b":"(secret A)"}',
    );
  });
});
