import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ExitCode } from '../../src/core/errors.ts';
import { parseSeed } from '../../src/sandbox/parse-seed.ts';
import { emailDestinations } from '../support/a-config.ts';
import { type Bench, openBench } from '../support/cli.ts';
import { EVERY_FIELD, EVERY_FIELD_ENV, EVERY_FIELD_SEED } from './every-field.ts';

const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
  JSON.parse(await readFile(new URL('../../schemas/plan.schema.json', import.meta.url), 'utf8')) as object,
);

describe('a JSON document', () => {
  test('of every kind of plan and apply is what the schema says', async () => {
    const bench = await openBench({ seed: EVERY_FIELD_SEED }, EVERY_FIELD);
    Object.assign(bench.env, EVERY_FIELD_ENV, { E: undefined });
    await expectValid(bench, 0, 'plan');
    await expectValid(bench, 0, 'plan', '--out', bench.path('plan.json'));
    expectSchema(await bench.read('plan.json'));
    await expectValid(bench, 5, 'apply');
    bench.env['E'] = EVERY_FIELD_ENV['E'];
    await expectValid(bench, 0, 'apply', '--auto-approve');
    await expectValid(bench, 0, 'apply');
    await bench.write('version: 1\nname: every-field\nsettings: { prune: true }\n');
    await expectValid(bench, 5, 'plan');
    await expectValid(
      bench,
      0,
      'plan',
      '--allow',
      'empty_config',
      '--allow',
      'max_deletes',
      '--allow',
      'max_delete_percent',
      '--allow',
      'silenced',
    );
  }, 20_000);

  test('of jobs that bundles own is too, and can be applied from a file', async () => {
    const scenario = (file: string): Promise<string> =>
      readFile(new URL(`../acceptance/bundle-job-hostile/${file}`, import.meta.url), 'utf8');
    const seed = parseSeed(await scenario('seed.json'));
    const bench = await openBench({ seed }, await scenario('notifications.yml'));
    await expectValid(bench, 0, 'plan', '--out', bench.path('plan.json'));
    expectSchema(await bench.read('plan.json'));
    bench.sandbox.poke.addJob({ job_id: '100', settings: { name: 'free' } });
    const also = '  free: { notify: { on_start: [a@company.test] } }\n';
    await bench.write((await scenario('notifications.yml')) + also);
    await expectValid(bench, 0, 'plan', '--out', bench.path('plan.json'));
    await expectValid(bench, 0, 'apply', '--plan', bench.path('plan.json'));
    expect(bench.writes().filter((line) => line.includes('/jobs/'))).toHaveLength(1);
  });

  test('of a run in part, held back, incomplete or for several targets is too', async () => {
    const bench = await openBench({ seed: EVERY_FIELD_SEED });
    await bench.write(
      emailDestinations(
        2,
        `targets: { one: { host: "${bench.sandbox.url}" }, two: { host: "${bench.sandbox.url}" } }\njobs: { managed: { notify: { on_failure: [d1] } } }\n`,
      ),
    );
    await expectValid(bench, 0, 'plan', '--all-targets');
    bench.sandbox.fault({ kind: 'status', status: 403, path: '*/jobs/update' });
    await expectValid(bench, 6, 'apply', '--auto-approve', '--target', 'one');
    await expectValid(bench, 0, 'apply', '--auto-approve', '--no-removals', '--target', 'one');
    bench.sandbox.fault({
      kind: 'status',
      status: 403,
      path: '*/notification-destinations*',
      times: Infinity,
    });
    const { out } = await bench.lakebell('plan', '--target', 'one', '--format', 'json');
    expectSchema(out);
  });
});

async function expectValid(bench: Bench, code: ExitCode, ...argv: string[]): Promise<void> {
  const ran = await bench.lakebell(...argv, '--format', 'json');
  expect([argv, ran.code, ran.code === code ? '' : ran.err]).toEqual([argv, code, '']);
  expectSchema(ran.out);
}

function expectSchema(text: string): void {
  expect(validate(JSON.parse(text)) ? [] : validate.errors).toEqual([]);
}
