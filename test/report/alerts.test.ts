import { describe, expect, test } from '@jest/globals';
import { alertsOf } from '../../src/report/alerts.ts';
import { EVERYTHING } from '../../src/report/detail.ts';
import { renderPlanMarkdown } from '../../src/report/markdown.ts';
import { plain } from '../../src/report/phrase.ts';
import type { PlanDocument } from '../../src/core/document.ts';
import { aChange, aDestination, aField, aPlan } from './support/builders.ts';
import { PLANS } from './support/plans.ts';

const titles = (plan: PlanDocument): readonly string[] => alertsOf(plan).map(({ title }) => plain(title));
const lines = (plan: PlanDocument): readonly string[] =>
  alertsOf(plan).flatMap((alert) => alert.lines.map(plain));
const withField = (field: Parameters<typeof aField>[0]): PlanDocument =>
  aPlan({ changes: [aChange({ fields: [aField(field)] })] });

describe('alertsOf', () => {
  test('is silent about additions', () => {
    expect(alertsOf(withField({ before: ['a'], after: ['a', 'b'] }))).toEqual([]);
  });

  test('puts the strongest first', () => {
    const { changes } = PLANS['every-verb']!;
    const plan = aPlan({
      changes: [...changes, ...PLANS['drift']!.changes],
      refusals: [{ guard: 'protect', message: 'no', allow: 'protect' }],
    });
    expect(titles(plan)).toEqual([
      'Refused by protect',
      'Removes 2 objects and 3 values',
      'Adopting overwrites what cannot be read back',
      'Drift: changed by hand, and will be reverted',
      '1 blocked; this stops nothing else',
    ]);
  });

  test('gives the exact option that lifts a guard', () => {
    const plan = aPlan({
      refusals: [{ guard: 'max_deletes', message: '7 objects; the limit is 5', allow: 'max_deletes' }],
    });
    expect(lines(plan)).toEqual([
      '7 objects; the limit is 5',
      "If that is meant: settings.allow with this plan's digest, or --allow max_deletes for one run",
    ]);
  });

  test('lists every user of what would go with the way to it', () => {
    const users = Array.from({ length: 103 }, (_none, at) => ({
      user: `job/${at}`,
      name: 'etl [@team](http://x.test)',
      place: 'webhook_notifications.on_start',
      uses: 'destination/slack',
      link: `https://workspace.test/jobs/${at}`,
    }));
    const refusal = { guard: 'in_use', message: 'job/0 and 4 more', allow: 'in_use', users };
    const shown = lines(aPlan({ refusals: [refusal] }));
    expect(shown[0]).toBe('103 places still point at what would go, and are not ours to rewire');
    expect(shown[2]).toBe(
      'etl [@team](http://x.test) (job/0 https://workspace.test/jobs/0) uses destination/slack in webhook_notifications.on_start',
    );
    expect(shown.at(-1)).toBe('and 3 more, in the plan as JSON');
    expect(
      lines(aPlan({ refusals: [{ ...refusal, users: users.slice(0, 1), allowed: '--allow' }] }))[0],
    ).toBe('1 place still points at what would go, and is not ours to rewire');
    const page = renderPlanMarkdown(aPlan({ refusals: [refusal] }));
    expect(page).toContain(
      '> - `etl [@team](http://x.test)` ([`job/0`](<https://workspace.test/jobs/0>)) uses `destination/slack` in `webhook_notifications.on_start`',
    );
  });

  test('never cuts the address of a page', () => {
    const name = 'n'.repeat(500);
    const link = `https://workspace.test/jobs/${'7'.repeat(100)}`;
    const users = [{ user: 'job/7', name, place: 'p', uses: 'destination/slack', link }];
    const refusals = [{ guard: 'in_use', message: 'm', allow: 'in_use', users }];
    const page = renderPlanMarkdown(aPlan({ refusals }), { detail: { ...EVERYTHING, text: 80 } });
    expect(page).toContain(`(<${link}>)`);
    expect(page).not.toContain(name);
  });

  test('names who loses which recipient where', () => {
    expect(lines(withField({ before: ['a', 'b'], after: ['b', 'c'] }))).toEqual([
      'etl-pipeline (job/9007199254740993) loses a in webhook_notifications.on_failure',
    ]);
  });

  test.each([
    { before: true, after: false },
    { before: false, after: null },
    { before: null, after: 1 },
    { before: ['a'], after: [], verdict: 'ignored' },
    { before: '(set)', after: null, verdict: 'opaque' },
  ] as const)('does not call %j a removal', (field) => {
    expect(titles(withField(field)).filter((title) => title.startsWith('Removes'))).toEqual([]);
  });

  test('calls a cleared scalar a removal', () => {
    expect(titles(withField({ before: 3600, after: null }))).toEqual(['Removes 1 value']);
  });

  test('says what a write may do besides', () => {
    const plan = aPlan({ changes: [aChange({ effects: ['it may restart'] }), aChange()] });
    expect([titles(plan), lines(plan)]).toEqual([
      ['May do more than change notifications'],
      ['etl-pipeline (job/9007199254740993): it may restart'],
    ]);
  });

  test('names ten and counts the rest', () => {
    const changes = Array.from({ length: 12 }, (_, at) =>
      aDestination(`d${at}`, `D${at}`, {
        verb: 'blocked',
        blocked: { reason: 'missing', message: 'gone', hint: null },
      }),
    );
    expect(lines(aPlan({ changes }))).toHaveLength(11);
    expect(lines(aPlan({ changes })).at(-1)).toBe('and 2 more, below');
  });
});
