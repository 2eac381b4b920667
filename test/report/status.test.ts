import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { PlanDocument } from '../../src/core/document.ts';
import { DONE_ICON, type Status, outlookAfter, statusMarkdown } from '../../src/report/status.ts';
import { aPlan, anOutcome } from './support/builders.ts';
import { APPLIES } from './support/plans.ts';
import { anyText } from '../support/any-text.ts';

const AT = Date.UTC(2026, 0, 2, 3, 4, 59);
const RUN = { label: 'run 7', url: 'https://github.com/acme/data/actions/runs/7/attempts/1' };
const WHERE = `2026-01-02 03:04 UTC · [run 7](<${RUN.url}>)`;
const PROD = '`prod (https://prod.cloud.databricks.test)`';

const told = (status: Status, isListed = true): readonly string[] =>
  statusMarkdown(status, { run: RUN, at: AT, isListed });
const ended = (document: PlanDocument): Status => ({ is: 'ended', document });

describe('what a status says', () => {
  test.each([
    ['applied', `✅ **Applied to ${PROD}: 5 done, 1 already so**`, []],
    [
      'in-part',
      `⚠️ **Applied to ${PROD} in part: 1 done, 2 failed, 1 refused, 1 changed meanwhile, 1 skipped, 1 held back**`,
      [
        '- failed: `etl-pipeline` · `job/9007199254740993`: POST /api/2.2/jobs/update answered 503 `TEMPORARILY_UNAVAILABLE` (request 8f2a); a write of it reached the workspace',
        '- failed: `Old Slack` · `destination/old-slack`: `PERMISSION_DENIED`; nothing of it was written',
        '- refused: `nightly` · `job/78`: its delta is another one than approved',
        '- changed meanwhile: `ingest-orders` · `job/77`: it has become bundle-owned',
        '- skipped: `hourly` · `job/79`: it needs destination/old-slack',
        '- held back: `weekly` · `job/80`: not approved',
      ],
    ],
    [
      'blocked',
      `⚠️ **Applied to ${PROD} in part: 1 done, 3 blocked**`,
      [
        '- blocked: `etl-pipeline` · `job/9007199254740993`: sp-apply may not write the job "etl-pipeline" (`9007199254740993`): that takes `CAN_MANAGE` or `IS_OWNER` on it (give `CAN_MANAGE` on it to sp-apply, under Permissions of `https://dbc-1234.cloud.databricks.com/jobs/9007199254740993`; or apply as somebody who has it)',
        '- blocked: `On-call` · `destination/pagerduty`: sp-apply may not write the destination "On-call": that takes a workspace admin (apply as a workspace admin, or add sp-apply to the group admins of `https://dbc-1234.cloud.databricks.com`)',
        '- blocked: `hourly` · `job/79`: it needs destination/pagerduty, which is blocked',
      ],
    ],
    [
      'held-back',
      `⏸️ **Nothing was written to ${PROD}: 5 held back**`,
      [
        '- held back: `On-call` · `destination/pagerduty`: not approved',
        '- held back: `etl-pipeline` · `job/9007199254740993`: not approved',
        '- held back: `relay` · `destination/relay`: not approved',
        '- held back: `Old Slack` · `destination/old-slack`: not approved',
        '- held back: `ingest-orders` · `job/77`: not approved',
      ],
    ],
    [
      'refused',
      `⛔ **Refused by \`silenced\`: nothing was written to ${PROD}**`,
      [
        '- `silenced`: nobody would be told any more when these fail: etl-pipeline; settings.limits.silenced is 0',
      ],
    ],
    ['nothing-done', `✅ **Nothing to do for ${PROD}: the workspace is what the file says**`, []],
  ])('is of the apply %s', (name, line, items) => {
    const [first, ...rest] = told(ended(APPLIES[name]!));
    expect(first).toBe(`${line} · ${WHERE}`);
    expect(rest).toEqual(items.length === 0 ? [] : ['', ...items]);
  });

  test('covers every apply that there is a page for', () => {
    expect(Object.keys(APPLIES)).toEqual([
      'applied',
      'in-part',
      'blocked',
      'held-back',
      'refused',
      'nothing-done',
    ]);
  });

  test('is that it goes on, and since when', () => {
    expect(told({ is: 'applying' })).toEqual([`⏳ **Applying** · ${WHERE}`]);
  });

  test('is why it was stopped, and what to do', () => {
    const status = { is: 'stopped', message: 'nobody approved this plan', hint: 'read the plan' } as const;
    expect(told(status)).toEqual([
      `⛔ **Not applied: nobody approved this plan** · ${WHERE}`,
      '',
      '- read the plan',
    ]);
    expect(told({ ...status, hint: null })).toEqual([
      `⛔ **Not applied: nobody approved this plan** · ${WHERE}`,
    ]);
  });

  test('is not that all is well where too little could be read', () => {
    const [first] = told(ended(aPlan({ complete: false, outcomes: [anOutcome()] })));
    expect(first).toMatch(/^⚠️ /u);
  });

  test('is not that all is well where the record was not saved, and tells what to do', () => {
    const notes = ['the record could not be saved: 503; run apply again'];
    const [first, , ...items] = told(ended(aPlan({ outcomes: [anOutcome()], notes })));
    expect(first).toMatch(/^⚠️ \*\*Applied to /u);
    expect(items).toEqual(['- the record could not be saved: 503; run apply again']);
  });

  test('leaves out what a plan had to note where nothing came of it', () => {
    expect(told(ended(aPlan({ outcomes: [], notes: ['no record was found'] })))).toHaveLength(1);
  });

  test('begins with the same icon wherever nothing has to be added, and nowhere else', () => {
    const done = Object.entries(APPLIES).filter(([, plan]) => told(ended(plan))[0]?.startsWith(DONE_ICON));
    expect(done.map(([name]) => name)).toEqual(['applied', 'nothing-done']);
  });

  test('does without a run', () => {
    expect(statusMarkdown({ is: 'applying' }, { run: null, at: 0, isListed: true })).toEqual([
      '⏳ **Applying** · 1970-01-01 00:00 UTC',
    ]);
  });
});

describe('a long status', () => {
  const many = (count: number): PlanDocument =>
    aPlan({
      outcomes: Array.from({ length: count }, (_none, at) =>
        anOutcome({ display: `j${at}`, address: `job/${at}`, state: 'failed', message: 'x'.repeat(900) }),
      ),
    });

  test.each([
    [9, []],
    [10, []],
    [11, ['- and 1 more']],
    [5_000, ['- and 4,990 more']],
  ])('lists ten of %d', (count, more) => {
    const [, , ...items] = told(ended(many(count)));
    expect(items.slice(10)).toEqual(more);
    expect(items.slice(0, 10).map((item) => /`j(\d+)`/u.exec(item)?.[1])).toEqual(
      Array.from({ length: Math.min(count, 10) }, (_none, at) => String(at)),
    );
  });

  test('is one line where it is only counted', () => {
    for (const plan of [...Object.values(APPLIES), many(5_000)]) {
      const [line, ...rest] = told(ended(plan), false);
      expect(line).toBe(told(ended(plan))[0]);
      expect(rest).toEqual([]);
    }
    expect(told({ is: 'stopped', message: 'a', hint: 'b' }, false)).toHaveLength(1);
  });

  test('never takes more than a few thousand characters', () => {
    const long = { is: 'stopped', message: 'word '.repeat(20_000), hint: '@'.repeat(90_000) } as const;
    for (const status of [ended(many(5_000)), long])
      expect(told(status).join('\n').length).toBeLessThan(9_000);
  });
});

describe('a status that quotes somebody', () => {
  const foreign = fc.oneof(
    anyText(),
    fc.string({
      unit: fc.constantFrom(
        '\n',
        '<!-- lakebell:end -->',
        '@team ',
        '**',
        '`',
        '</details>',
        '](',
        ' · ',
        '- ',
      ),
      maxLength: 10,
    }),
  );

  test('keeps each of its lines to itself, with our own words in front', () => {
    fc.assert(
      fc.property(foreign, foreign, (text, other) => {
        const outcome = anOutcome({ state: 'failed', display: text, address: other, message: text });
        const statuses: readonly Status[] = [
          { is: 'stopped', message: text, hint: other },
          ended(aPlan({ outcomes: [outcome] })),
        ];
        for (const [first = '', empty = '', ...items] of statuses.map((status) => told(status))) {
          expect(first).toMatch(/^(⛔ \*\*Not applied: |⚠️ \*\*|⛔ \*\*)/u);
          expect(first.endsWith(WHERE)).toBe(true);
          expect([empty, items.length]).toEqual(['', 1]);
          expect(items[0]).toMatch(/^- /u);
          expect(first + items.join('')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u);
        }
      }),
    );
  });

  test('makes code of what GitHub would act on', () => {
    const [first, , item] = told({ is: 'stopped', message: 'ask @team **now**', hint: 'see #12 <!-- x -->' });
    expect(first).toContain('Not applied: ask `@team` `**now**`**');
    expect(item).toBe('- see `#12` `<!--` x `-->`');
  });
});

describe('what stands in the place of what a merge will do', () => {
  test.each([
    [{ is: 'applying' }, 'Merged; being applied.'],
    [{ is: 'stopped', message: 'a', hint: null }, 'Merged; how it went is said at the top.'],
    [ended(aPlan()), 'Merged; how it went is said at the top.'],
  ] as const)('%#', (status, line) => {
    expect(outlookAfter(status)).toEqual([line]);
  });
});
