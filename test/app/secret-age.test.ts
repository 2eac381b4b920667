import { describe, expect, test } from '@jest/globals';
import type { DiagnosticDocument } from '../../src/core/document.ts';
import { type Bench, openBench } from '../support/cli.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

const FILE = (settings = ''): string => `version: 1
${settings}destinations:
  chat:
    slack:
      url: "\${secrets.CHAT}"
  hook: { generic_webhook: { url: https://hook.test, username: me, password: "\${secrets.PASSWORD}" } }
  mail: { email: { addresses: [a@company.test] } }
`;

const LIMIT = 'settings: { secret_max_age: 90 days }\n';

describe('the age of a secret', () => {
  test('is shown in words, and in JSON as the time', async () => {
    const bench = await applied(FILE());
    expect((await bench.lakebell('show')).out).toContain(
      'slack.url: secret applied less than an hour ago (2026-01-01',
    );
    bench.wait(93 * DAY_MS);
    const { out } = await bench.lakebell('show', 'destination/chat');
    expect(out).toContain('slack.url: secret applied 93 days ago (2026-01-01');
  });

  test('is no warning up to the limit, and without one', async () => {
    const bench = await applied(FILE(LIMIT));
    bench.wait(89 * DAY_MS);
    expect(await agedIn(bench)).toEqual([]);
    await bench.write(FILE());
    bench.wait(900 * DAY_MS);
    expect(await agedIn(bench)).toEqual([]);
  });

  test('past the limit is a warning at the line of its field, of every secret by itself', async () => {
    const bench = await applied(FILE(LIMIT));
    bench.wait(93 * DAY_MS);
    expect(
      (await agedIn(bench)).map(({ severity, line, message, hint }) => [severity, line, message, hint]),
    ).toEqual([
      [
        'warning',
        6,
        'destination/chat: the secret in slack.url was applied 93 days ago, and settings.secret_max_age is 90 days',
        'give it a new value; the next apply writes it, or: lakebell apply --rotate destination/chat',
      ],
      [
        'warning',
        7,
        'destination/hook: the secret in generic_webhook.password was applied 93 days ago, and settings.secret_max_age is 90 days',
        'give it a new value; the next apply writes it, or: lakebell apply --rotate destination/hook',
      ],
    ]);
    expect((await bench.lakebell('plan')).out).toContain('2 warnings');
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('starts anew with a new value', async () => {
    const bench = await applied(FILE(LIMIT));
    bench.wait(93 * DAY_MS);
    bench.env['PASSWORD'] = 'second';
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect((await agedIn(bench)).map(({ line }) => line)).toEqual([6]);
  });

  test('starts anew with --rotate', async () => {
    const bench = await applied(FILE(LIMIT));
    bench.wait(93 * DAY_MS);
    expect((await bench.lakebell('apply', '--auto-approve', '--rotate', 'destination/chat')).code).toBe(0);
    expect((await agedIn(bench)).map(({ line }) => line)).toEqual([7]);
  });

  test('goes on while `rotate: manual` waits', async () => {
    const bench = await applied(FILE(LIMIT.replace('{', '{ rotate: manual,')));
    bench.wait(93 * DAY_MS);
    bench.env['PASSWORD'] = 'second';
    await bench.lakebell('apply', '--auto-approve');
    expect((await agedIn(bench)).map(({ line }) => line)).toEqual([6, 7]);
  });

  test('says nothing of what is not on record, or has no secret any more', async () => {
    const bench = await openBench({}, FILE(LIMIT));
    Object.assign(bench.env, { CHAT: 'https://hooks.slack.test/services/T/B/one', PASSWORD: 'first' });
    bench.wait(900 * DAY_MS);
    expect(await agedIn(bench)).toEqual([]);
    await bench.lakebell('apply', '--auto-approve');
    bench.wait(93 * DAY_MS);
    await bench.write(FILE(LIMIT).replace(/, username.*PASSWORD\}"/, ''));
    expect((await agedIn(bench)).map(({ line }) => line)).toEqual([6]);
  });

  test.each([
    ['48 hours', 47 / 24, 2],
    ['1 week', 6, 7],
    ['3 months', 89, 90],
  ])('may be limited to %s', async (limit, daysBefore, daysAfter) => {
    const bench = await applied(FILE(LIMIT.replace('90 days', limit)));
    bench.wait(daysBefore * DAY_MS);
    expect(await agedIn(bench)).toHaveLength(0);
    bench.wait((daysAfter - daysBefore) * DAY_MS);
    expect(await agedIn(bench)).toHaveLength(2);
  });
});

async function applied(text: string): Promise<Bench> {
  const bench = await openBench({}, text);
  Object.assign(bench.env, { CHAT: 'https://hooks.slack.test/services/T/B/one', PASSWORD: 'first' });
  const { code, out, err } = await bench.lakebell('apply', '--auto-approve');
  expect(code === 0 ? '' : out + err).toBe('');
  return bench;
}

async function agedIn(bench: Bench): Promise<readonly DiagnosticDocument[]> {
  return (await bench.document('plan')).diagnostics.filter(({ code }) => code === 'secret-age');
}
