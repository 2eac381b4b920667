import { describe, expect, test } from '@jest/globals';
import { coverageSince, leftBy, rulesApplied } from '../../src/core/coverage.ts';
import type { Coverage, Resource } from '../../src/core/resource.ts';
import type { Rule, RuleMode, Stated } from '../../src/core/rule.ts';
import { coveredOps } from '../../src/core/rule-approval.ts';
import { Ref, type Value } from '../../src/core/value.ts';
import { SOURCE, aField, aJob, aRecord, anObserved, anUpdate } from '../support/builders.ts';

const PATH = 'email_notifications.on_failure';

function rule(key: string, mode: RuleMode = 'ensure', name = '*'): Rule {
  return {
    key,
    mode,
    kind: 'job',
    source: SOURCE,
    places: {},
    statement: `statement of ${key}`,
    selector: { all: [{ feature: 'name', anyOf: [name] }], exclude: [] },
    states: {},
    origins: {},
    findings: [],
    consents: [],
  };
}

const [A, B] = [rule('a'), rule('b')];
const applied = (...rules: readonly Rule[]) => ({
  rules: Object.fromEntries(rules.map(({ key, statement }) => [key, statement])),
});

function covered(rules: readonly Rule[], parts: Partial<Coverage> = {}): Resource {
  const said: readonly Stated[] = rules.map(({ key, mode }) => ({
    by: `rules.${key}`,
    at: SOURCE,
    mode,
    value: [],
  }));
  const coverage: Coverage = {
    rules,
    stated: new Map([[PATH, said]]),
    own: new Set(),
    statement: 'all',
    hasLeft: false,
    ...parts,
  };
  return { ...aJob(), coverage };
}

describe('rules that an object has left', () => {
  test.each<[string, readonly string[] | undefined, readonly Rule[], readonly Rule[], readonly string[]]>([
    ['those that covered it, are the same, and do not now', ['a', 'b'], [A], [A, B], ['b']],
    ['none that covers it still', ['a'], [A], [A], []],
    ['none that has changed since', ['a'], [], [{ ...A, statement: 'other' }], []],
    ['none that the file no longer has', ['a'], [], [B], []],
    ['none where none covered it', undefined, [], [A], []],
  ])('are %s', (_what, ...[recorded, now, rules, left]) => {
    const record = applied(A, B);
    const keys = leftBy(recorded === undefined ? undefined : { rules: recorded }, now, { rules, record });
    expect(keys.map(({ key }) => key)).toEqual(left);
  });

  test('are none without a record', () => {
    expect(leftBy({ rules: ['a'] }, [], { rules: [A], record: null })).toEqual([]);
  });
});

describe('rules that are as good as applied', () => {
  const held = anUpdate({ resource: covered([A]) });

  test('are those that no unapproved change is covered by', () => {
    expect(rulesApplied({ rules: [A, B], record: null }, [held])).toEqual({ b: B.statement });
    expect(rulesApplied({ rules: [A, B], record: null }, [])).toEqual(applied(A, B).rules);
  });

  test('leave what was applied earlier under the key, and drop what the file no longer has', () => {
    const record = { rules: { a: 'earlier', gone: 'x' } };
    expect(rulesApplied({ rules: [A, B], record }, [held])).toEqual({ a: 'earlier', b: B.statement });
  });

  test('are not held by a change of an object that no rule covers', () => {
    expect(rulesApplied({ rules: [A], record: null }, [anUpdate()])).toEqual({ a: A.statement });
  });
});

test('an object is still covered while the same rules select it as it is now', () => {
  const etl = rule('etl', 'ensure', 'etl-*');
  const seen = (name: string) => anObserved({ features: { name } });
  const resource = covered([A, etl]);
  expect(coverageSince(resource, seen('etl-1'), [A, etl])).toBeUndefined();
  expect(coverageSince(resource, seen('ml'), [A, etl])).toMatch(/rules\.etl no longer selects it$/);
  expect(coverageSince(covered([A]), seen('etl-1'), [A, etl])).toMatch(/rules\.etl selects it now$/);
  expect(coverageSince(aJob(), seen('ml'), [A])).toBeUndefined();
  expect(
    coverageSince(covered([A]), seen('ml'), [A, { ...etl, kind: 'pipeline', selector: A.selector }]),
  ).toBeUndefined();
});

describe('what rules that were applied approve', () => {
  const record = aRecord({}, applied(A, B));
  const field = (before: Value, after: Value, path = PATH) => aField({ path, before, after });
  const approved = (resource: Resource, ...fields: readonly ReturnType<typeof field>[]) =>
    coveredOps([anUpdate({ resource, fields })], record).length === 1;
  const ADDED = field(['x@company.test'], ['a@company.test', 'x@company.test']);

  test('is what adds recipients, and sets a flag that has none', () => {
    expect(approved(covered([A, B]), ADDED)).toBe(true);
    expect(approved(covered([A]), field(null, true))).toBe(true);
  });

  test.each<[string, Resource, ReturnType<typeof field>]>([
    ['takes somebody away', covered([A]), field(['x@company.test'], ['a@company.test'])],
    ['sets a flag that is set', covered([A]), field(30, 60)],
    ['is of an entry', aJob(), ADDED],
    ['is of an entry and of a rule', covered([A], { own: new Set([PATH]) }), ADDED],
    ['is stated by nobody', covered([A], { stated: new Map() }), ADDED],
    ['is of an exact rule', covered([rule('a', 'exact')]), ADDED],
    ['is beside what a rule forbids', covered([A, rule('b', 'forbid')]), ADDED],
    ['is of a rule that has changed', covered([{ ...A, statement: 'other' }]), ADDED],
    ['is of a rule that has changed too', covered([A, { ...B, statement: 'other' }]), ADDED],
    ['is of a rule that is new', covered([rule('c')]), ADDED],
  ])('is not what %s', (_what, resource, change) => {
    expect(approved(resource, change)).toBe(false);
  });

  test('is no operation of which only a part is such', () => {
    const other = field([], ['a@company.test'], 'email_notifications.on_start');
    expect(approved(covered([A]), ADDED, other)).toBe(false);
  });

  test('is nothing without a record', () => {
    expect(coveredOps([anUpdate({ resource: covered([A]), fields: [ADDED] })], null)).toEqual([]);
  });

  test('is not what tells a destination that waits for an approval itself, unless its secret alone is new', () => {
    const fields = [field([], [new Ref('destination/page')])];
    const job = anUpdate({ resource: covered([A]), fields });
    const destination = anUpdate({ address: 'destination/page', kind: 'destination' });
    expect(coveredOps([job, destination], record)).toEqual([]);
    expect(coveredOps([job, { ...destination, op: null }], record)).toEqual([
      { address: job.address, op: job.op },
    ]);
  });
});
