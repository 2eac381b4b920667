import { describe, expect, test } from '@jest/globals';
import { type Bench, openBench } from '../support/cli.ts';

const HOOK = (rotate = ''): string => `version: 1
${rotate}destinations:
  hook: { generic_webhook: { url: "https://hook.test", username: me, password: "\${secrets.PASSWORD}" } }
`;

describe('a rotated secret', () => {
  test.each([[undefined], ['a fingerprint key']])(
    'is written by any apply, outside the digest (key: %s)',
    async (key) => {
      const bench = await applied(HOOK(), key);
      bench.env['PASSWORD'] = 'second';
      const plan = await bench.document('plan');
      expect(plan.changes.map(({ verb, op }) => [verb, op])).toEqual([['rotate', null]]);
      expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(2);
      expect((await bench.lakebell('apply', '--approve', plan.digest)).code).toBe(0);
      expect(passwordOf(bench)).toBe('second');
      expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
    },
  );

  test('leaves the digest of everything else as it was', async () => {
    const bench = await applied(HOOK());
    await bench.write(`${HOOK()}  mail: { email: { addresses: [a@company.test] } }\n`);
    const { digest } = await bench.document('plan');
    bench.env['PASSWORD'] = 'second';
    expect((await bench.document('plan')).digest).toBe(digest);
  });

  test('with `rotate: manual` waits for --rotate', async () => {
    const bench = await applied(HOOK('settings: { rotate: manual }\n'));
    bench.env['PASSWORD'] = 'second';
    const plan = await bench.lakebell('plan', '--detailed-exitcode');
    expect([plan.code, plan.out.includes('--rotate')]).toEqual([0, true]);
    await bench.lakebell('apply', '--auto-approve');
    expect(passwordOf(bench)).toBe('first');
    expect((await bench.lakebell('apply', '--auto-approve', '--rotate', 'destination/hook')).code).toBe(0);
    expect(passwordOf(bench)).toBe('second');
  });

  test('with `rotate: manual` does not wait where the reference is another one', async () => {
    const bench = await applied(HOOK('settings: { rotate: manual }\n'));
    bench.env['OTHER'] = 'second';
    await bench.write(HOOK('settings: { rotate: manual }\n').replace('secrets.PASSWORD', 'secrets.OTHER'));
    expect((await bench.document('plan')).changes.map(({ verb }) => verb)).toEqual(['update']);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(passwordOf(bench)).toBe('second');
  });

  test('with `rotate: manual` is written by --rotate under the approval of the plan without it', async () => {
    const bench = await applied(HOOK('settings: { rotate: manual }\n'));
    bench.env['PASSWORD'] = 'second';
    const { digest } = await bench.document('plan');
    const rotate = ['--rotate', 'destination/hook'];
    expect((await bench.document('plan', ...rotate)).digest).toBe(digest);
    expect((await bench.lakebell('apply', '--approve', digest, ...rotate)).code).toBe(0);
    expect(passwordOf(bench)).toBe('second');
  });

  test('is written again by --rotate although nothing changed', async () => {
    const bench = await applied(HOOK());
    bench.sandbox.poke.patchDestination(bench.sandbox.snapshot().destinations[0]!.id, {
      config: { generic_webhook: { url: 'https://hook.test', username: 'me', password: 'by hand' } },
    });
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
    expect((await bench.lakebell('apply', '--auto-approve', '--rotate', 'destination/hook')).code).toBe(0);
    expect(passwordOf(bench)).toBe('first');
  });

  test('cannot be told from an old one once the fingerprint key is another: it is written once more, and known again', async () => {
    const bench = await applied(HOOK(), 'one key');
    bench.env['LAKEBELL_FINGERPRINT_KEY'] = 'another key';
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(passwordOf(bench)).toBe('first');
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('is not taken for one where the fingerprint key is missing', async () => {
    const bench = await applied(HOOK(), 'one key');
    bench.env['LAKEBELL_FINGERPRINT_KEY'] = undefined;
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('cannot be asked for of a job, which has none', async () => {
    const bench = await applied(`${HOOK()}jobs: { etl: { notify: { on_failure: [hook] } } }\n`);
    expect((await bench.lakebell('plan', '--rotate', 'job/etl')).code).toBe(1);
  });

  test('named by --rotate must be an address of the file', async () => {
    const bench = await applied(HOOK());
    const { code, err } = await bench.lakebell('plan', '--rotate', 'destination/hok');
    expect([code, err.includes('destination/hook')]).toEqual([1, true]);
  });
});

describe('a secret that is not set', () => {
  test.each([undefined, '', '  \n'])(
    'as %j: a plan concludes nothing about it, an apply stops before its first write',
    async (value) => {
      const bench = await openBench({}, `${HOOK()}  mail: { email: { addresses: [a@company.test] } }\n`);
      bench.env['PASSWORD'] = value;
      const plan = await bench.lakebell('plan');
      expect([plan.code, plan.out.includes('PASSWORD')]).toEqual([0, true]);
      expect((await bench.lakebell('plan', '--require-secrets')).code).toBe(1);
      const { code, err } = await bench.lakebell('apply', '--auto-approve');
      expect([code, bench.writes(), err.includes('PASSWORD')]).toEqual([1, [], true]);
    },
  );

  test('stops nothing that does not need it', async () => {
    const bench = await applied(HOOK());
    bench.env['PASSWORD'] = undefined;
    await bench.write(`${HOOK()}  mail: { email: { addresses: [a@company.test] } }\n`);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(passwordOf(bench)).toBe('first');
  });

  test('stops a rename of nothing, and a change beside it in the same request', async () => {
    const bench = await applied(HOOK());
    bench.env['PASSWORD'] = undefined;
    await bench.write(HOOK().replace('hook: {', 'hook: { display_name: Renamed,'));
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect([passwordOf(bench), bench.sandbox.snapshot().destinations[0]?.display_name]).toEqual([
      'first',
      'Renamed',
    ]);
    await bench.write(HOOK().replace('username: me', 'username: you'));
    const { code } = await bench.lakebell('apply', '--auto-approve');
    expect([code, bench.writes(), passwordOf(bench)]).toEqual([1, [], 'first']);
  });
});

describe('an optional secret that the file drops', () => {
  const without = HOOK().replace(/, username.*PASSWORD\}"/, '');

  test('is cleared', async () => {
    const bench = await applied(HOOK());
    await bench.write(without);
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    expect(passwordOf(bench)).toBeUndefined();
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('and that the workspace keeps is a failure with a remedy that works', async () => {
    const bench = await applied(HOOK());
    bench.sandbox.behave({ omittedSecrets: 'kept' });
    await bench.write(without);
    const { code, out } = await bench.lakebell('apply', '--auto-approve');
    expect([code, out.includes('--replace destination/hook')]).toEqual([6, true]);
    const again = await bench.lakebell('apply', '--auto-approve', '--replace', 'destination/hook');
    expect(again.code === 0 ? '' : again.out + again.err).toBe('');
    expect(bench.sandbox.snapshot().destinations.map(({ config }) => config)).toEqual([
      { generic_webhook: { url: 'https://hook.test' } },
    ]);
    expect((await bench.lakebell('plan', '--detailed-exitcode')).code).toBe(0);
  });
});

async function applied(text: string, key?: string): Promise<Bench> {
  const bench = await openBench({}, text);
  Object.assign(bench.env, { PASSWORD: 'first', LAKEBELL_FINGERPRINT_KEY: key });
  const { code, out, err } = await bench.lakebell('apply', '--auto-approve');
  expect(code === 0 ? '' : out + err).toBe('');
  return bench;
}

function passwordOf({ sandbox }: Bench): unknown {
  const hook = sandbox.snapshot().destinations.find(({ config }) => 'generic_webhook' in config);
  return (hook?.config['generic_webhook'] as Readonly<Record<string, unknown>> | undefined)?.['password'];
}
