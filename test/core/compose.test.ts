import { describe, expect, test } from '@jest/globals';
import { type Subject, compose } from '../../src/core/compose.ts';
import type { RuleMode, Stated } from '../../src/core/rule.ts';
import { IdRef, Ref, type Value } from '../../src/core/value.ts';
import { SOURCE, UUID_A, UUID_B, aDirectory, ensure, exact } from '../support/builders.ts';

const PATH = 'email_notifications.on_failure';
const HOOK = 'webhook_notifications.on_failure';
const PAGER = new Ref('destination/pagerduty');
const DIRECTORY = aDirectory(
  { 'destination/pagerduty': UUID_A },
  { [UUID_A]: 'On-call', [UUID_B]: 'Old chat' },
);

const says = (key: string, mode: RuleMode, value: Value, line = 9): Stated => ({
  by: `rules.${key}`,
  at: { ...SOURCE, line },
  mode,
  value,
});

function decide(stated: readonly Stated[], parts: Partial<Subject> = {}, path = PATH) {
  const subject: Subject = {
    entry: undefined,
    stated: new Map([[path, stated]]),
    observed: { spec: {} },
    ...parts,
  };
  const { wishes, overridden, contradictions } = compose(subject, DIRECTORY);
  return {
    wish: wishes[path],
    lost: overridden.map(({ loser, winner }) => `${loser.by} < ${winner.by}`),
    contradictions,
  };
}

const entry = (wish: ReturnType<typeof exact>, path = PATH): Partial<Subject> => ({
  entry: { by: 'jobs.etl', source: { ...SOURCE, line: 3 }, wishes: { [path]: wish } },
});

describe('statements about one field', () => {
  test('an exact entry decides alone, and every rule that it overrides is named', () => {
    const rules = [
      says('a', 'ensure', ['a@x.test']),
      says('b', 'ensure', ['own@x.test']),
      says('c', 'exact', ['c@x.test']),
      says('d', 'exact', ['own@x.test']),
      says('e', 'forbid', ['own@*']),
      says('f', 'forbid', ['other@*']),
    ];
    expect(decide(rules, entry(exact(['own@x.test'])))).toEqual({
      wish: exact(['own@x.test']),
      lost: ['rules.a < jobs.etl', 'rules.c < jobs.etl', 'rules.e < jobs.etl'],
      contradictions: [],
    });
  });

  test('equal exact rules are one statement, in any order of recipients, and ensure adds nothing to them', () => {
    const rules = [
      says('a', 'exact', ['a@x.test', 'b@x.test']),
      says('b', 'ensure', ['c@x.test']),
      says('c', 'exact', ['b@x.test', 'a@x.test']),
      says('d', 'ensure', ['a@x.test']),
    ];
    expect(decide(rules)).toEqual({
      wish: exact(['a@x.test', 'b@x.test']),
      lost: ['rules.b < rules.a'],
      contradictions: [],
    });
  });

  test('an exact rule decides over an entry that ensures', () => {
    const { wish, lost } = decide([says('a', 'exact', ['a@x.test'])], entry(ensure(['own@x.test'])));
    expect([wish, lost]).toEqual([exact(['a@x.test']), ['jobs.etl < rules.a']]);
  });

  test('different exact rules contradict each other, with both lines', () => {
    const { contradictions } = decide([says('a', 'exact', ['a@x.test'], 4), says('b', 'exact', [], 7)]);
    expect(contradictions).toEqual([
      `${PATH}: rules.a (notifications.yml:4) and rules.b (notifications.yml:7) state it differently`,
    ]);
  });

  test('what is ensured unites, that of an entry too', () => {
    const rules = [says('a', 'ensure', ['b@x.test', 'a@x.test']), says('b', 'ensure', ['b@x.test'])];
    expect(decide(rules, entry(ensure(['own@x.test'])))).toMatchObject({
      wish: ensure(['a@x.test', 'b@x.test', 'own@x.test']),
      contradictions: [],
    });
  });

  test('what is forbidden is taken out of what is live, and of nothing that is stated', () => {
    const observed = { spec: { [PATH]: ['Me@Gmail.com', 'live@x.test'] } };
    const rules = [says('a', 'ensure', ['a@x.test']), says('b', 'forbid', ['*@gmail.com'])];
    expect(decide(rules, { observed })).toEqual({
      wish: { ...ensure(['a@x.test']), without: ['Me@Gmail.com'] },
      lost: [],
      contradictions: [],
    });
    expect(
      decide([...rules, says('c', 'ensure', ['you@gmail.com'], 5)], { observed }).contradictions,
    ).toEqual([
      `${PATH}: rules.c (notifications.yml:5) states you@gmail.com, and rules.b (notifications.yml:9) forbids it`,
    ]);
  });

  test('what is forbidden contradicts an exact rule and an entry that ensures', () => {
    const forbid = says('b', 'forbid', ['a@*']);
    expect(decide([says('a', 'exact', ['a@x.test']), forbid]).contradictions).toHaveLength(1);
    expect(decide([forbid], entry(ensure(['a@x.test']))).contradictions).toHaveLength(1);
    expect(decide([forbid], entry(exact(['a@x.test']))).contradictions).toEqual([]);
  });

  test('a field in which something is forbidden is looked after where nothing of it is there', () => {
    expect(decide([says('b', 'forbid', ['a@*'])]).wish).toEqual(ensure([]));
  });

  test('to ensure nothing is to say nothing', () => {
    expect(decide([says('a', 'ensure', [])]).wish).toBeUndefined();
  });

  test('a key and an id of the same destination are the same', () => {
    const rules = [says('a', 'exact', [PAGER]), says('b', 'exact', [new IdRef('destination', UUID_A)])];
    expect(decide(rules, {}, HOOK)).toMatchObject({ lost: [], contradictions: [] });
  });

  test('a destination is forbidden by its key, by its name, and where it is not in the file', () => {
    const live = [new IdRef('destination', UUID_A), new IdRef('destination', UUID_B)];
    const observed = { spec: { [HOOK]: live } };
    const without = (pattern: string) =>
      (decide([says('a', 'forbid', [pattern])], { observed }, HOOK).wish?.without ?? []).map(String);
    expect([
      without('pager*'),
      without('On-*'),
      without('Old chat'),
      without('on-*'),
      without('*@*'),
    ]).toEqual([['pagerduty'], ['pagerduty'], [UUID_B], [], []]);
  });
});

describe('statements about a flag or a metric', () => {
  const FLAG = 'notification_settings.no_alert_for_skipped_runs';

  test('are ensured together where they agree', () => {
    const both = [says('a', 'ensure', true), says('b', 'ensure', true)];
    expect(decide(both, {}, FLAG)).toEqual({ wish: ensure(true), lost: [], contradictions: [] });
  });

  test('contradict each other where they do not', () => {
    expect(
      decide([says('a', 'ensure', true), says('b', 'ensure', false)], {}, FLAG).contradictions,
    ).toHaveLength(1);
    expect(
      decide([says('a', 'ensure', 60)], entry(ensure(90), 'health.X'), 'health.X').contradictions,
    ).toHaveLength(1);
  });

  test('give way to an exact one, and lose nothing where it sets any value', () => {
    const rules = [says('a', 'exact', 60), says('b', 'ensure', 90)];
    expect(decide(rules, {}, 'health.X')).toEqual({ wish: exact(60), lost: [], contradictions: [] });
    expect(decide([says('b', 'ensure', 90)], entry(exact(null), 'health.X'), 'health.X').lost).toEqual([
      'rules.b < jobs.etl',
    ]);
  });
});

test('an entry about which no rule says anything stays as it is', () => {
  const wish = exact(['own@x.test']);
  const { wishes } = compose(
    {
      entry: { by: 'jobs.etl', source: SOURCE, wishes: { other: wish } },
      stated: new Map(),
      observed: { spec: {} },
    },
    DIRECTORY,
  );
  expect(wishes).toEqual({ other: wish });
});
