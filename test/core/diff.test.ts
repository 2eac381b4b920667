import { describe, expect, test } from '@jest/globals';
import { counts } from '../../src/core/change.ts';
import { type Comparison, diff, recordable } from '../../src/core/diff.ts';
import type { RecordedObject } from '../../src/core/record.ts';
import type { Observed, Wish } from '../../src/core/resource.ts';
import { Secret } from '../../src/core/secret.ts';
import { IdRef, Ref, type Spec, type Value } from '../../src/core/value.ts';
import {
  aDestination,
  aDiffContext,
  aDirectory,
  anObserved,
  aRecorded,
  aSecret,
  ensure,
  exact,
  recordedSecrets,
  unset,
  UUID_A,
  UUID_B,
} from '../support/builders.ts';

const PATH = 'email_notifications.on_failure';

function fieldsOf(
  wishes: Record<string, Wish>,
  live: Partial<Observed>,
  parts: Parameters<typeof aDiffContext>[0] = {},
) {
  return diff({ wishes }, anObserved(live), aDiffContext(parts)).fields;
}

function on(spec: Spec, wish: Wish) {
  return fieldsOf({ [PATH]: wish }, { spec: { [PATH]: spec[PATH] ?? null } })[0];
}

describe('diff of readable fields', () => {
  test.each<[string, Wish, Value, Value]>([
    ['an equal list', exact(['a']), ['a'], 'same'],
    ['a list in another order', exact(['a', 'b']), ['b', 'a'], 'same'],
    ['a list with a member twice', exact(['a', 'a']), ['a'], 'same'],
    ['a cleared list', exact([]), ['a'], []],
    ['an empty list that is absent', exact([]), null, 'same'],
    ['an empty list that is false', exact([]), false, 'same'],
    ['null that is an empty text', exact(null), '', 'same'],
    ['a false flag that is absent', exact(false), null, 'same'],
    ['a set flag', exact(true), null, true],
    ['a cleared flag', exact(false), true, false],
    ['a threshold of nought that is absent', exact(0), null, 0],
    ['a number that is a text', exact(1), '1', 1],
    ['an added member', exact(['a', 'b']), ['a'], ['a', 'b']],
    ['an ensured list with others in it', ensure(['a']), ['z'], ['z', 'a']],
    ['an ensured list that is there', ensure(['a']), ['z', 'a'], 'same'],
    ['an ensured empty list', ensure([]), ['z'], 'same'],
    ['an ensured flag that is unset', ensure(true), null, true],
    ['an ensured flag that is set otherwise', ensure(false), true, 'same'],
    ['an ensured threshold that is unset', ensure(5), null, 5],
    ['an ensured threshold that is set otherwise', ensure(5), 9, 'same'],
    ['an ensured nothing', ensure(null), 9, 'same'],
  ])('compares %s', (_name, wish, live, after) => {
    const field = on({ [PATH]: live }, wish);
    if (after === 'same') expect(field).toBeUndefined();
    else expect(field).toMatchObject({ before: live, after, verdict: 'changed', isDrifted: false });
  });

  test('leaves fields that nobody wishes for out, and keeps them in the target', () => {
    const { fields, target } = diff(
      { wishes: { a: exact(1) } },
      anObserved({ spec: { a: 0, b: ['x'] } }),
      aDiffContext(),
    );
    expect(fields.map(({ path }) => path)).toEqual(['a']);
    expect(target).toEqual({ a: 1, b: ['x'] });
  });

  test('speaks of live ids by the keys of the file', () => {
    const directory = aDirectory({ 'destination/slack': UUID_A });
    const live = { spec: { [PATH]: [new IdRef('destination', UUID_A), new IdRef('destination', UUID_B)] } };
    const [field] = fieldsOf({ [PATH]: exact([new Ref('destination/slack')]) }, live, { directory });
    expect(field?.before).toEqual([new Ref('destination/slack'), new IdRef('destination', UUID_B)]);
    expect(field?.after).toEqual([new Ref('destination/slack')]);
  });

  test('takes a key and the id of the same destination for one recipient', () => {
    const directory = aDirectory({ 'destination/slack': UUID_A });
    const wish = exact([new Ref('destination/slack'), new IdRef('destination', UUID_A)]);
    const [field] = fieldsOf({ [PATH]: wish }, { spec: {} }, { directory });
    expect(field?.after).toEqual([new Ref('destination/slack')]);
    expect(
      fieldsOf({ [PATH]: wish }, { spec: { [PATH]: [new IdRef('destination', UUID_A)] } }, { directory }),
    ).toEqual([]);
  });

  test('ensures the successor of a destination in place of the destination', () => {
    const directory = aDirectory({}, undefined, {
      [UUID_A]: 'destination/slack',
      [UUID_B]: 'destination/other',
    });
    const live = { spec: { [PATH]: [UUID_A, UUID_B].map((id) => new IdRef('destination', id)) } };
    const [field] = fieldsOf({ [PATH]: ensure([new Ref('destination/slack')]) }, live, { directory });
    expect(field?.after).toEqual([new IdRef('destination', UUID_B), new Ref('destination/slack')]);
  });

  test.each(['id', 'key'])('takes away what a wish is without, named by its %s', (naming) => {
    const directory = aDirectory({ 'destination/team-slack': UUID_A });
    const [a, b] = [new IdRef('destination', UUID_A), new IdRef('destination', UUID_B)];
    const unwanted = naming === 'id' ? a : new Ref('destination/team-slack');
    const [field] = fieldsOf(
      { [PATH]: { ...ensure([]), without: [unwanted] } },
      { spec: { [PATH]: [a, b] } },
      { directory },
    );
    expect(field).toMatchObject({ before: [new Ref('destination/team-slack'), b], after: [b] });
  });

  test('calls it drift where somebody put back what a wish is without', () => {
    const wish = { ...ensure(['a']), without: ['z'] };
    const [field] = fieldsOf(
      { [PATH]: wish },
      { spec: { [PATH]: ['a', 'z'] } },
      { recorded: aRecorded(aDestination(), { applied: { [PATH]: ['a'] } }) },
    );
    expect(field).toMatchObject({ after: ['a'], isDrifted: true, origin: 'workspace' });
  });

  test('calls a reference to an object that is still to be made unknown', () => {
    expect(on({}, exact([new Ref('destination/new')]))).toMatchObject({ verdict: 'unknown' });
  });

  test.each([
    ['is what was applied', ['a'], ['a'], false],
    ['is in another order than applied', ['b', 'a'], ['a', 'b'], false],
    ['is not what was applied', ['z'], ['a'], true],
    ['has come where nothing was applied', ['z'], [], true],
  ])('says drifted only where live %s', (_name, live, applied, isDrifted) => {
    const recorded = aRecorded(aDestination(), { applied: { [PATH]: applied } });
    const [field] = fieldsOf({ [PATH]: exact(['new']) }, { spec: { [PATH]: live } }, { recorded });
    expect(field).toMatchObject({ isDrifted });
  });

  test('does not say drifted where nothing is on record', () => {
    expect(on({ [PATH]: ['z'] }, exact(['a']))).toMatchObject({ isDrifted: false });
  });

  test('sorts fields by path', () => {
    const fields = fieldsOf({ b: exact(1), a: exact(1), c: exact(1) }, {});
    expect(fields.map(({ path }) => path)).toEqual(['a', 'b', 'c']);
  });
});

describe('diff of fields that only admins are shown', () => {
  const wish = { 'email.addresses': exact(['a@company.test']) };
  const hidden = { gaps: [{ prefix: 'email', why: 'admins only' }] };
  const recordedAs = (addresses: readonly string[] | undefined): RecordedObject =>
    aRecorded(aDestination(), { applied: addresses === undefined ? {} : { 'email.addresses': addresses } });

  test('finds nothing to do where the wish is what was last applied', () => {
    expect(fieldsOf(wish, hidden, { recorded: recordedAs(['a@company.test']) })).toEqual([]);
  });

  test('assumes that what was last applied still holds', () => {
    const [field] = fieldsOf(wish, hidden, { recorded: recordedAs(['z@company.test']) });
    expect(field).toMatchObject({
      verdict: 'assumed',
      before: ['z@company.test'],
      after: ['a@company.test'],
    });
  });

  test('is opaque where nothing is on record, and never counts', () => {
    const [field] = fieldsOf(wish, hidden);
    expect(field).toMatchObject({ verdict: 'opaque', reason: 'admins only' });
    expect(field === undefined ? true : counts(field)).toBe(false);
  });

  test('wishes for nothing in vain where nothing is on record', () => {
    expect(fieldsOf({ 'email.addresses': exact([]) }, hidden)).toEqual([]);
  });
});

type Live = 'set' | 'unset' | 'hidden';
type Known = 'nothing' | 'no field' | 'same secret' | 'other secret' | 'same literal' | 'other literal';
type Outcome = 'none' | 'opaque' | 'changed' | 'changed, drifted' | 'assumed';

describe('diff of write-only fields', () => {
  const path = 'slack.channel_id';
  const wishes = { secret: aSecret('A'), literal: 'C1', empty: null } as const;
  const lives: Record<Live, Partial<Observed>> = {
    set: { spec: { [path]: true } },
    unset: { spec: { [path]: false } },
    hidden: { gaps: [{ prefix: 'slack', why: 'admins only' }] },
  };
  const records: Record<Known, Partial<RecordedObject> | undefined> = {
    nothing: undefined,
    'no field': {},
    'same secret': { secrets: recordedSecrets({ [path]: 'A' }) },
    'other secret': { secrets: recordedSecrets({ [path]: 'Z' }) },
    'same literal': { applied: { [path]: 'C1' } },
    'other literal': { applied: { [path]: 'C9' } },
  };

  test.each<[keyof typeof wishes, Live, Known, Outcome]>([
    ['secret', 'set', 'nothing', 'opaque'],
    ['secret', 'set', 'no field', 'opaque'],
    ['secret', 'set', 'same secret', 'none'],
    ['secret', 'set', 'other secret', 'changed'],
    ['secret', 'set', 'same literal', 'changed'],
    ['secret', 'unset', 'nothing', 'changed'],
    ['secret', 'unset', 'no field', 'changed'],
    ['secret', 'unset', 'same secret', 'changed, drifted'],
    ['secret', 'unset', 'other secret', 'changed, drifted'],
    ['secret', 'hidden', 'nothing', 'opaque'],
    ['secret', 'hidden', 'same secret', 'none'],
    ['secret', 'hidden', 'other secret', 'changed'],
    ['literal', 'set', 'nothing', 'opaque'],
    ['literal', 'set', 'same literal', 'none'],
    ['literal', 'set', 'other literal', 'changed'],
    ['literal', 'set', 'same secret', 'changed'],
    ['literal', 'unset', 'nothing', 'changed'],
    ['literal', 'unset', 'same literal', 'changed, drifted'],
    ['literal', 'hidden', 'nothing', 'opaque'],
    ['literal', 'hidden', 'same literal', 'none'],
    ['literal', 'hidden', 'other literal', 'changed'],
    ['empty', 'set', 'nothing', 'changed'],
    ['empty', 'set', 'no field', 'changed, drifted'],
    ['empty', 'set', 'same secret', 'changed'],
    ['empty', 'unset', 'nothing', 'none'],
    ['empty', 'unset', 'same secret', 'none'],
    ['empty', 'hidden', 'nothing', 'none'],
    ['empty', 'hidden', 'no field', 'none'],
    ['empty', 'hidden', 'same secret', 'assumed'],
    ['empty', 'hidden', 'same literal', 'assumed'],
  ])('wished %s, live %s, on record %s: %s', (wished, live, known, outcome) => {
    const parts = records[known];
    const recorded = parts === undefined ? undefined : aRecorded(aDestination(), parts);
    const [field] = fieldsOf({ [path]: exact(wishes[wished]) }, lives[live], { recorded });
    const told = field === undefined ? 'none' : `${field.verdict}${field.isDrifted ? ', drifted' : ''}`;
    expect(told).toBe(outcome);
    expect(field?.isRotated ?? false).toBe(false);
  });

  test('tells a secret by its label before and after', () => {
    const recorded = aRecorded(aDestination(), { secrets: recordedSecrets({ [path]: 'Z' }) });
    const [field] = fieldsOf({ [path]: exact(wishes.secret) }, lives.set, { recorded });
    expect(JSON.stringify(field)).toContain('"before":"(secret Z)","after":"(secret A)"');
  });

  test('a member taken from or added to a literal list is a change, its order is none', () => {
    const scopes = 'generic_webhook.oauth_scopes';
    const recorded = aRecorded(aDestination(), { applied: { [scopes]: ['a', 'b'] } });
    const live = { spec: { [scopes]: true } };
    expect(fieldsOf({ [scopes]: exact(['b', 'a']) }, live, { recorded })).toEqual([]);
    expect(fieldsOf({ [scopes]: exact(['b']) }, live, { recorded })).toMatchObject([{ verdict: 'changed' }]);
  });
});

describe('diff of a rotated secret', () => {
  const path = 'slack.url';
  const recorded = aRecorded(aDestination(), { secrets: recordedSecrets({ [path]: 'A' }) });
  const live = { spec: { [path]: true } };
  const rotate = (comparison: Comparison, rotation: 'auto' | 'manual' | 'forced', secret = aSecret('A')) =>
    fieldsOf({ [path]: exact(secret) }, live, { recorded, rotation, compareSecret: () => comparison })[0];

  test('writes a new value by itself', () => {
    expect(rotate('different', 'auto')).toMatchObject({ verdict: 'changed', isRotated: true });
  });

  test.each(['same', 'unknown'] as const)('does nothing where the value is %s', (comparison) => {
    expect(rotate(comparison, 'auto')).toBeUndefined();
    expect(rotate(comparison, 'manual')).toBeUndefined();
  });

  test('tells and waits where rotation is manual', () => {
    expect(rotate('different', 'manual')).toMatchObject({ verdict: 'ignored', isRotated: true });
  });

  test.each(['same', 'different', 'unknown'] as const)(
    'writes where it is forced and the value is %s',
    (comparison) => {
      expect(rotate(comparison, 'forced')).toMatchObject({ verdict: 'changed', isRotated: true });
    },
  );

  test.each(['auto', 'manual'] as const)(
    'needs an approval where the file itself holds another value (%s)',
    (rotation) => {
      const literal = Secret.of('(secret A)', [], 'https://secret.company.test');
      expect(rotate('different', rotation, literal)).toMatchObject({ verdict: 'changed', isRotated: false });
      expect(rotate('same', rotation, literal)).toBeUndefined();
    },
  );

  test('concludes nothing from a secret that is not set', () => {
    expect(rotate('different', 'auto', unset('A'))).toBeUndefined();
  });
});

describe('recordable', () => {
  test('spells references and secrets as texts and sorts lists', () => {
    expect(recordable([new Ref('destination/b'), 'a', new IdRef('destination', UUID_A)])).toEqual(
      ['${destination/b}', UUID_A, 'a'].sort(),
    );
    expect(recordable(aSecret('A'))).toBe('(secret A)');
    expect(recordable(undefined)).toBeNull();
    expect(recordable(false)).toBe(false);
  });
});
