import { mkdir } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { shaOf } from '../../github/fake.ts';
import { dispatchTrigger } from '../../support/action.ts';
import { CHECK, CONFIG, TWO_TARGETS, openEtl, planAgain, said, shown, visible } from './support/journeys.ts';

const BROKEN = CONFIG.replace('leads, x', 'leeds, x');

describe('a mistake in the configuration', () => {
  test('is marked where it stands, and replaces the plan in comment and check', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    await bench.write(BROKEN);
    const { code, annotations } = await bench.pushToPull(1, 'second');
    expect([code, bench.sandbox.requests]).toEqual([1, []]);
    expect(annotations).toEqual([
      {
        level: 'error',
        title: expect.stringMatching(/^lakebell \S+$/u),
        message: expect.stringContaining('did you mean "leads"?'),
        file: 'notifications.yml',
        line: 6,
        column: expect.any(Number),
      },
    ]);
    expect(bench.github.comments(1)).toHaveLength(1);
    for (const text of ['the configuration has 1 error', 'leeds', '**On merge:** nothing is applied'])
      expect(shown(bench)).toContain(text);
    expect(shown(bench)).not.toContain('**Create 1**');
    expect(bench.github.checks(shaOf('second'))).toEqual([
      expect.objectContaining({
        name: CHECK,
        conclusion: 'failure',
        externalId: '',
        output: expect.objectContaining({ title: expect.stringContaining('the configuration has 1 error') }),
      }),
    ]);
    expect((await bench.mergePull(1)).code).toBe(1);
  });

  test('is gone from the comment when it is mended', async () => {
    const bench = await openEtl(BROKEN);
    await bench.openPull(1, 'first');
    await bench.write(CONFIG);
    await bench.pushToPull(1, 'second');
    expect(bench.github.comments(1)).toHaveLength(1);
    expect(shown(bench)).not.toContain('leeds');
    expect((await bench.mergePull(1)).code).toBe(0);
  });

  test.each([
    ['team/alerts', 'notifications.yml'],
    ['team', 'alerts/notifications.yml'],
    ['', './team/../team/alerts/notifications.yml'],
  ])('is marked from the root of the repository, seen from "%s" too', async (folder, config) => {
    const bench = await openEtl();
    await mkdir(bench.path('team/alerts'), { recursive: true });
    await bench.write(BROKEN, 'team/alerts/notifications.yml');
    const inputs = { mode: 'plan', 'working-directory': bench.path(folder), config };
    const { annotations } = await bench.step(dispatchTrigger(), inputs);
    expect(annotations).toEqual([
      expect.objectContaining({ file: 'team/alerts/notifications.yml', line: 6 }),
    ]);
  });

  test.each([[''], ['dev'], ['dev, prod']])('in every target (%j) is marked once', async (target) => {
    const bench = await openEtl(`${TWO_TARGETS.replace('dev: {}', 'dev: { default: true }')}nonsense: 1\n`);
    const { code, annotations } = await bench.openPull(1, 'first', { target });
    expect([code, annotations.length]).toEqual([1, 1]);
  });

  test('stands among ten, the last of which says how many more there are', async () => {
    const jobs = Array.from(
      { length: 25 },
      (_none, at) => `  j${at}: { notify: { on_failure: [nobody] } }\n`,
    );
    const bench = await openEtl(`version: 1\nname: data-platform\njobs:\n${jobs.join('')}`);
    const { annotations, summary } = await bench.openPull(1, 'first');
    const errors = annotations.filter(({ level }) => level === 'error');
    expect([errors.length, errors[9]?.message]).toEqual([10, expect.stringContaining('and 16 more')]);
    for (const text of [summary, shown(bench)]) expect(text.match(/no destination/gu)).toHaveLength(25);
  });
});

describe('a file that is not even YAML', () => {
  const GARBAGE = 'version: 1\nname: data-platform\njobs: [\n';

  test.each([[{}], [{ target: '*' }]])(
    'is an error with its place, in the same comment (%j)',
    async (inputs) => {
      const bench = await openEtl(TWO_TARGETS.replace('dev: {}', 'dev: { default: true }'));
      await bench.openPull(1, 'first', inputs);
      await bench.write(GARBAGE);
      const { code, annotations, outputs } = await bench.pushToPull(1, 'second', inputs);
      expect([code, outputs['refused']]).toEqual([1, 'false']);
      expect(annotations).toEqual([expect.objectContaining({ level: 'error', file: 'notifications.yml' })]);
      expect(bench.github.comments(1)).toHaveLength(1);
      expect(shown(bench)).not.toContain('leads dev');
      expect(bench.github.checks(shaOf('second')).map(({ conclusion }) => conclusion)).toEqual(['failure']);
      await bench.write(TWO_TARGETS.replace('dev: {}', 'dev: { default: true }'));
      await bench.pushToPull(1, 'third', inputs);
      expect(bench.github.comments(1)).toHaveLength(1);
      expect(shown(bench)).toContain('leads dev');
    },
  );

  test('takes the place of the comments of all targets', async () => {
    const bench = await openEtl(TWO_TARGETS);
    const first = { number: 1, commit: 'first' };
    await bench.openPull(1, 'first', { target: 'dev' });
    await planAgain(bench, first, { target: 'prod' });
    await bench.write(GARBAGE);
    await planAgain(bench, first, { target: '*' });
    expect([visible(bench).length, bench.github.comments(1).length]).toEqual([1, 2]);
    expect(shown(bench)).toContain('the configuration has 1 error');
  });

  test.each(['plan', 'apply', 'drift', 'validate'])('is one for %s of all targets', async (mode) => {
    const bench = await openEtl(GARBAGE);
    const step = await bench.step(dispatchTrigger(), { mode, target: '*' });
    expect([step.code, step.outputs['pending'], step.annotations]).toEqual([
      1,
      '0',
      [expect.objectContaining({ level: 'error', file: 'notifications.yml', line: expect.any(Number) })],
    ]);
  });
});

describe('a file that is not there', () => {
  test.each(['plan', 'apply', 'drift', 'validate'])('is an error for %s that names it', async (mode) => {
    const bench = await openEtl();
    const step = await bench.step(dispatchTrigger(), { mode, config: 'nowhere.yml' });
    expect([step.code, said(step, 'error')]).toEqual([1, expect.stringContaining('nowhere.yml')]);
    expect(step.log).toContain('nowhere.yml');
  });
});

describe('a target that there is not', () => {
  test.each(['plan', 'apply', 'drift', 'validate'])(
    'is an error for %s that names the others',
    async (mode) => {
      const bench = await openEtl(TWO_TARGETS);
      const step = await bench.step(dispatchTrigger(), { mode, target: 'pord' });
      expect([step.code, said(step, 'error')]).toEqual([1, expect.stringContaining('did you mean "prod"')]);
    },
  );
});

describe('a warning in the configuration', () => {
  test.each([
    ['refusal', 0],
    ['lint', 1],
  ])('is marked, and with fail-on: %s ends with %i', async (failOn, code) => {
    const hook = 'generic_webhook: { url: "https://hook.test", username: me, password: "${secrets.NOBODY}" }';
    const bench = await openEtl(`version: 1\ndestinations:\n  hook: { ${hook} }\n`);
    const step = await bench.step(dispatchTrigger(), { mode: 'validate', 'fail-on': failOn });
    expect(step.code).toBe(code);
    expect(step.annotations).toContainEqual(
      expect.objectContaining({ level: 'warning', file: 'notifications.yml', line: 3 }),
    );
  });
});
