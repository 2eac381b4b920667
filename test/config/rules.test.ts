import { describe, expect, test } from '@jest/globals';
import { desire } from '../../src/engine/desired.ts';
import { KINDS } from '../../src/kinds/index.ts';
import { loadText, mistakesIn, shown } from './support.ts';

const HEAD = `version: 1
destinations:
  pagerduty: { existing: true }
rules:
`;

/** What is wrong with rules once the file itself is well-formed. */
async function findingsIn(rules: string): Promise<readonly string[]> {
  const { config, diagnostics } = await loadText(HEAD + rules);
  if (config === undefined) throw new Error(shown(diagnostics).join('\n'));
  return shown(desire(config, KINDS).diagnostics);
}

describe('a mistake in a rule', () => {
  test.each([
    [
      'an unknown criterion',
      '{ select: { tag: { env: prod } }, notify: { on_failure: [pagerduty] } }',
      '5:18 unknown-key: unknown key "tag" in rules.r.select; did you mean "tags"?',
    ],
    [
      'an unknown criterion of an exclusion',
      '{ select: { name: a, exclude: { nmae: b } }, notify: { on_failure: [pagerduty] } }',
      '5:38 unknown-key: unknown key "nmae" in rules.r.select.exclude; did you mean "name"?',
    ],
    [
      'no selection',
      '{ notify: { on_failure: [pagerduty] } }',
      '5:3 missing-key: rules.r needs the key "select"; write `select: ',
    ],
    [
      'an unknown mode',
      '{ select: { name: a }, mode: ensured, notify: { on_failure: [pagerduty] } }',
      '5:35 wrong-value: rules.r.mode may not be "ensured"; did you mean "ensure"? allowed: ensure, exact, forbid',
    ],
    [
      'text for true',
      '{ select: { has_schedule: "yes" }, notify: { on_failure: [pagerduty] } }',
      '5:32 wrong-type: rules.r.select.has_schedule must be true or false, but is text',
    ],
    [
      'a number for the value of a tag',
      '{ select: { tags: { cost_center: 4711 } }, notify: { on_failure: [pagerduty] } }',
      '5:39 wrong-value: rules.r.select.tags.cost_center must be text, or a list, but is a whole number; for example "prod"',
    ],
    [
      'a list of tags',
      '{ select: { tags: [prod] }, notify: { on_failure: [pagerduty] } }',
      '5:18 wrong-type: rules.r.select.tags must be a mapping, but is a list; for example {"env":"prod","team":["core","ml-*"]}',
    ],
    [
      'an empty list',
      '{ select: { name: [] }, notify: { on_failure: [pagerduty] } }',
      '5:18 wrong-value: rules.r.select.name needs at least 1 item',
    ],
    [
      'no tag',
      '{ select: { tags: {} }, notify: { on_failure: [pagerduty] } }',
      '5:18 wrong-value: rules.r.select.tags may not be empty; for example {"env":"prod","team":["core","ml-*"]}',
    ],
    [
      'an exclusion of nothing',
      '{ select: { name: a, exclude: {} }, notify: { on_failure: [pagerduty] } }',
      '5:27 wrong-value: rules.r.select.exclude may not be empty; allowed: name, tags, creator, run_as, bundle, has_schedule',
    ],
    [
      'a task key that cannot be',
      '{ select: { name: a }, tasks: { "load/*": { notify: { on_failure: [pagerduty] } } } }',
      '5:38 bad-key: "load/*" cannot be a key in rules.r.tasks; Task keys hold letters, digits, "-" and "_"; "*" and "?" stand for any of them',
    ],
    [
      'an unknown event in tasks',
      '{ select: { name: a }, tasks: { "load*": { notify: { on_fail: [pagerduty] } } } }',
      '5:59 unknown-key: unknown key "on_fail" in rules.r.tasks."load*".notify; did you mean "on_failure"?',
    ],
    [
      'the key of a job',
      '{ select: { name: a }, id: 5, notify: { on_failure: [pagerduty] } }',
      '5:29 unknown-key: unknown key "id" in rules.r; allowed: select, mode, strict, notify',
    ],
  ])('(%s) is told at its place', async (_what, rule, mistake) => {
    const mistakes = await mistakesIn(`${HEAD}  r: ${rule}\n`);
    expect([mistakes.length, mistakes[0]?.slice(0, mistake.length)]).toEqual([1, mistake]);
  });

  test.each([
    [
      'a selection of nothing',
      '{ select: {}, notify: { on_failure: [pagerduty] } }',
      '5:8 empty-select: r: this selects nothing by anything, which could mean every job; name a criterion: ',
    ],
    [
      'a selection of nothing but an exclusion',
      '{ select: { exclude: { name: a } }, notify: { on_failure: [pagerduty] } }',
      '5:8 empty-select: ',
    ],
    ['nothing stated', '{ select: { name: a } }', '5:3 nothing-stated: r: this rule states nothing'],
    [
      'a destination that is not there',
      '{ select: { name: a }, notify: { on_failure: [pagerdty] } }',
      '5:52 unknown-destination: r: there is no destination "pagerdty" in this file; did you mean "pagerduty"?',
    ],
    [
      'a list that is emptied where it is ensured',
      '{ select: { name: a }, notify: { on_failure: [] } }',
      '5:39 ensures-nothing: r: an empty list says nothing under `mode: ensure`',
    ],
    [
      'strict where it is ensured',
      '{ select: { name: a }, strict: true, notify: { on_failure: [pagerduty] } }',
      '5:29 strict-ensure: r: `strict` empties events and `mode: ensure` never does',
    ],
    [
      'a flag that is forbidden',
      '{ select: { name: a }, mode: forbid, tasks: { "*": { notification_settings: { no_alert_for_skipped_runs: true } } } }',
      '5:59 forbid-recipients: r: `mode: forbid` speaks of recipients, and notification_settings names none',
    ],
    [
      'a pattern for destinations among addresses',
      '{ select: { name: a }, mode: forbid, email_notifications: { on_failure: ["*"] } }',
      '5:66 forbid-recipients: r: "*" has no "@", so it matches destinations, and email_notifications names none; for addresses write it with an "@"',
    ],
    [
      'a pattern for addresses among destinations of a task',
      '{ select: { name: a }, mode: forbid, tasks: { "*": { webhook_notifications: { on_failure: ["*@x.test"] } } } }',
      '5:84 forbid-recipients: r: "*@x.test" has an "@", so it matches e-mail addresses, and webhook_notifications names none',
    ],
    [
      'a pattern that is ensured',
      '{ select: { name: a }, notify: { on_failure: ["*@x.test"] } }',
      '5:52 bad-email: r: "*@x.test" is not an e-mail address; only a rule with `mode: forbid` takes patterns',
    ],
    [
      'a raw id',
      '{ select: { name: a }, webhook_notifications: { on_failure: [{ id: "11111111-1111-4111-8111-111111111111" }] } }',
      '5:69 raw-id: r: ',
    ],
  ])('(%s) is told at its place, although the file is well-formed', async (_what, rule, expected) => {
    const findings = await findingsIn(`  r: ${rule}\n`);
    expect(findings[0]?.slice(0, expected.length)).toBe(expected);
    expect(findings.filter((one) => !one.includes('nothing-stated')).length).toBeLessThan(2);
  });

  test('patterns that are forbidden need not be destinations of the file', async () => {
    expect(
      await findingsIn(
        '  r: { select: { name: a }, mode: forbid, notify: { on_failure: ["pager*", "*@x.test"] } }\n',
      ),
    ).toEqual([]);
  });
});

describe('rules that contradict each other', () => {
  const pair = (a: string, b: string): string => `  a: { ${a} }\n  b: { ${b} }\n`;
  const EXACT_A = 'mode: exact, email_notifications: { on_failure: [a@x.test] }';
  const EXACT_B = 'mode: exact, email_notifications: { on_failure: [b@x.test] }';

  test.each([
    ['on the same jobs', 'name: a', 'name: a', 1],
    ['where one selects fewer', 'name: a, bundle: false', 'name: a', 1],
    ['where one selects more', 'name: a', 'name: [a, b]', 1],
    ['not where each selects others too', 'name: a', 'bundle: false', 0],
    ['not where one excludes something', 'name: a', 'name: a, exclude: { bundle: true }', 1],
  ])('%s', async (_what, a, b, count) => {
    const findings = await findingsIn(pair(`select: { ${a} }, ${EXACT_A}`, `select: { ${b} }, ${EXACT_B}`));
    expect(findings.map((one) => one.slice(0, 21))).toEqual(Array(count).fill('6:3 rules-contradict:'));
  });

  test('are told once for each field, with both lines', async () => {
    const [one, ...others] = await findingsIn(
      pair(`select: { name: a }, ${EXACT_A}`, `select: { name: a }, ${EXACT_B}`),
    );
    expect([one, others]).toEqual([
      expect.stringMatching(
        /email_notifications\.on_failure: rules\.a \(notifications\.yml:5\) and rules\.b \(notifications\.yml:6\) state it differently/,
      ),
      [],
    ]);
  });

  test('on tasks, as far as they are named alike', async () => {
    const task = (glob: string, mail: string): string =>
      `select: { name: a }, mode: exact, tasks: { "${glob}": { email_notifications: { on_failure: [${mail}] } } }`;
    expect(await findingsIn(pair(task('load*', 'a@x.test'), task('load*', 'b@x.test')))).toHaveLength(1);
    expect(await findingsIn(pair(task('load*', 'a@x.test'), task('*', 'b@x.test')))).toEqual([]);
  });

  test('are none where a key and an id may be the same destination', async () => {
    const [key, id] = ['pagerduty', '{ id: "11111111-1111-4111-8111-111111111111" }'].map(
      (one) => `select: { name: a }, mode: exact, webhook_notifications: { on_failure: [${one}] }`,
    );
    const findings = await findingsIn(pair(key ?? '', id ?? ''));
    expect(findings.filter((one) => one.includes('contradict'))).toEqual([]);
  });
});
