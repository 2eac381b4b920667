import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isSame, type ResolvedSpec } from '../../../src/core/value.ts';
import type { JsonObject } from '../../../src/kinds/client.ts';
import { composeNotifications } from '../../../src/kinds/pipeline/compose.ts';
import { observePipeline } from '../../../src/kinds/pipeline/observe.ts';
import { ALERT_KINDS, pathOf } from '../../../src/kinds/pipeline/shape.ts';

const [SUCCESS, FAILURE, FATAL, FLOW] = ALERT_KINDS as [string, string, string, string];
const block = (email_recipients: readonly string[], alerts: readonly string[]) => ({
  email_recipients,
  alerts,
});
const specOf = (wanted: Readonly<Record<string, readonly string[]>>): ResolvedSpec =>
  Object.fromEntries(Object.entries(wanted).map(([alert, emails]) => [pathOf(alert), emails]));
const compose = (before: readonly JsonObject[], wanted: Readonly<Record<string, readonly string[]>>) =>
  composeNotifications(before, specOf(wanted), Object.keys(wanted).map(pathOf));

describe('composeNotifications', () => {
  test('gives a block new addresses in its place where all of its kinds change alike', () => {
    const before = [
      block(['x'], [SUCCESS]),
      { ...block(['old'], [FAILURE, FATAL]), of_tomorrow: 1 },
      block(['y'], [FLOW]),
    ];
    expect(compose(before, { [FAILURE]: ['new'], [FATAL]: ['new'] })).toEqual([
      before[0],
      { ...block(['new'], [FAILURE, FATAL]), of_tomorrow: 1 },
      before[2],
    ]);
  });

  test('takes a kind out of a block that it shares with others, and lets it follow at the end', () => {
    expect(compose([block(['a'], [FAILURE, 'on-comet', FATAL])], { [FAILURE]: ['b', 'a'] })).toEqual([
      block(['a'], ['on-comet', FATAL]),
      block(['b', 'a'], [FAILURE]),
    ]);
  });

  test('groups new kinds with equal addresses, whatever their order', () => {
    expect(compose([], { [FAILURE]: ['a', 'b'], [FLOW]: ['b', 'a'], [FATAL]: ['a'] })).toEqual([
      block(['a', 'b'], [FAILURE, FLOW]),
      block(['a'], [FATAL]),
    ]);
  });

  test('joins what several blocks said of a kind', () => {
    const before = [block(['a'], [FAILURE]), block(['b'], [FAILURE])];
    expect(compose(before, { [FAILURE]: ['a', 'b', 'c'] })).toEqual([block(['a', 'b', 'c'], [FAILURE])]);
  });

  test('leaves no block without kinds or addresses', () => {
    expect(
      compose([block(['a'], [FAILURE]), block(['b'], [FLOW, SUCCESS])], { [FAILURE]: [], [FLOW]: [] }),
    ).toEqual([block(['b'], [SUCCESS])]);
    expect(compose([block(['a'], [FAILURE])], { [FAILURE]: [] })).toEqual([]);
  });

  test('changes only what changed, whatever else is wished for', () => {
    const before = [block(['a'], [FAILURE]), block(['b'], [FLOW])];
    const spec = specOf({ [FAILURE]: ['c'], [FLOW]: ['never sent'] });
    expect(composeNotifications(before, spec, [pathOf(FAILURE)])).toEqual([
      block(['c'], [FAILURE]),
      before[1],
    ]);
  });

  test('makes any blocks say what is wished, disturbs nothing else, and does it once', () => {
    const emails = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 });
    const alerts = fc.uniqueArray(fc.constantFrom(...ALERT_KINDS, 'on-comet', 'on-eclipse'), {
      minLength: 1,
    });
    const blocks = fc.array(
      fc.record(
        { email_recipients: emails, alerts, of_tomorrow: fc.constant(1) },
        { requiredKeys: ['email_recipients', 'alerts'] },
      ),
      { maxLength: 5 },
    );
    const wishes = fc.dictionary(
      fc.constantFrom(...ALERT_KINDS),
      fc.uniqueArray(fc.constantFrom('a', 'b', 'e')),
      { maxKeys: 4, noNullPrototype: true },
    );
    const observed = (notifications: readonly unknown[]) =>
      observePipeline({ spec: { notifications: notifications as never } }).spec;
    fc.assert(
      fc.property(blocks, wishes, (before, wanted) => {
        const after = compose(before, wanted) as readonly (typeof before)[number][];
        const expected = { ...observed(before), ...specOf(wanted) };
        const now = observed(after);
        for (const path of Object.keys({ ...expected, ...now }))
          expect([path, isSame(now[path], expected[path])]).toEqual([path, true]);
        for (const { email_recipients: to, alerts: of } of after)
          expect([to.length > 0, of.length > 0]).toEqual([true, true]);
        const untouched = before.filter((one) => !one.alerts.some((alert) => alert in wanted));
        expect(after.filter((one) => untouched.includes(one))).toEqual(untouched);
        expect(compose(after, wanted)).toEqual(after);
      }),
    );
  });
});
