import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { HistoryDocument } from '../../src/core/document.ts';
import { historySchema } from '../../src/report/history.ts';
import { textOf } from '../architecture/source.ts';
import { type Bench, openBench } from '../support/cli.ts';

const SEED = {
  jobs: [{ job_id: '7', settings: { name: 'etl', email_notifications: { on_start: ['a@company.test'] } } }],
};
const ONE = `version: 1
destinations:
  chat: { slack: { url: "\${secrets.CHAT}" } }
jobs:
  etl: { notify: { on_failure: [chat] } }
`;
const TWO = ONE.replace('[chat]', '[chat, x@company.test]');

async function applied(...texts: readonly string[]): Promise<Bench> {
  const bench = await openBench({ seed: SEED });
  bench.env['CHAT'] = 'https://hooks.slack.test/very-secret';
  for (const text of texts) await apply(bench, text);
  return bench;
}

async function apply(bench: Bench, text: string): Promise<void> {
  await bench.write(text);
  const { code, out, err } = await bench.lakebell('apply', '--auto-approve');
  if (code !== 0) throw new Error(out + err);
}

async function told(bench: Bench, ...argv: string[]): Promise<HistoryDocument> {
  const { out, err } = await bench.lakebell('history', ...argv, '--format', 'json');
  if (out === '') throw new Error(err);
  return JSON.parse(out) as HistoryDocument;
}

describe('lakebell history', () => {
  test('lists applies, newest first: serial, when, by whom, how many of each verb', async () => {
    const bench = await applied(ONE, TWO);
    const { code, out } = await bench.lakebell('history');
    const lines = out.split('\n').filter((line) => /^\d/.test(line));
    expect([code, lines.length, bench.writes()]).toEqual([0, 3, []]);
    expect(lines[0]).toMatch(/^2 applies on record/);
    expect(lines[1]).toMatch(/^\d+ {2}2026-01-01T.*Z {2}\S+@\S+ {2}1 update$/);
    expect(lines[2]).toMatch(/1 create, 1 update$/);
  });

  test('tells with --verbose what each change found and left, in the words of the file', async () => {
    const bench = await applied(ONE, TWO);
    const { out } = await bench.lakebell('history', '--verbose');
    expect(out).toContain('  update  job/7');
    expect(out).toContain('email_notifications.on_failure: (unset) -> [x@company.test]');
    expect(out).toContain('webhook_notifications.on_failure: (unset) -> [chat]');
    expect(out).toContain('slack.url: (unset) -> (secret CHAT)');
  });

  test('tells the same of the one apply whose serial is given', async () => {
    const bench = await applied(ONE, TWO);
    const [newest, first] = (await told(bench)).applies;
    const { out } = await bench.lakebell('history', String(first?.serial));
    expect(out).toContain('slack.url: (unset) -> (secret CHAT)');
    expect(out).not.toContain('x@company.test');
    expect((await told(bench, String(newest?.serial))).applies).toEqual([newest]);
    const ran = await bench.lakebell('history', '99');
    expect([ran.code, ran.out, ran.err.includes('no apply on record has the serial 99')]).toEqual([
      1,
      '',
      true,
    ]);
    expect((await bench.lakebell('history', 'newest')).code).toBe(1);
  });

  test('gives a document that its schema accepts, and the schema is committed', async () => {
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(historySchema());
    const bench = await applied(ONE, TWO);
    await bench.lakebell('rollback', '--auto-approve');
    const document = await told(bench);
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(document.applies.map(({ rolls_back }) => rolls_back)).toEqual([
      document.applies[1]?.serial,
      null,
      null,
    ]);
    const committed = JSON.parse(textOf('schemas/history.schema.json')) as unknown;
    expect(committed).toEqual(JSON.parse(JSON.stringify(historySchema())));
  });

  test('shows no secret', async () => {
    const bench = await applied(ONE);
    for (const format of ['text', 'json']) {
      const { out } = await bench.lakebell('history', '--verbose', '--format', format);
      expect(out).not.toContain('very-secret');
    }
  });

  test('says of what an older version recorded that it cannot be rolled back', async () => {
    const bench = await applied(ONE);
    const file = bench.sandbox.snapshot().files.find(({ path }) => path.endsWith('/default.json'));
    const record = JSON.parse(file?.content ?? '') as { history: { changes: { undo?: unknown }[] }[] };
    for (const { changes } of record.history) for (const change of changes) delete change.undo;
    bench.sandbox.poke.writeFile(file?.path ?? '', JSON.stringify(record));
    const { applies } = await told(bench);
    expect(applies[0]?.changes.map(({ not_undoable: why }) => why)).toEqual([
      'an older version recorded it: it cannot be rolled back',
      'an older version recorded it: it cannot be rolled back',
    ]);
    const { code, out } = await bench.lakebell('rollback', '--auto-approve');
    expect([code, bench.writes(), out.match(/not-undoable/g)?.length]).toEqual([0, [], 2]);
  });

  test('says of a run that died that not all of it may have been written', async () => {
    const bench = await applied(ONE);
    await bench.write(TWO);
    bench.sandbox.fault({ kind: 'status', status: 403, path: '*/jobs/update' });
    bench.sandbox.fault({
      kind: 'status',
      status: 400,
      path: '*import-file*default.json?overwrite=true',
      skip: 1,
      times: Infinity,
    });
    await bench.lakebell('apply', '--auto-approve');
    bench.sandbox.clearFaults();
    expect((await told(bench)).applies.map(({ finished }) => finished)).toEqual([false, true]);
    expect((await bench.lakebell('history')).out).toContain('interrupted');
  });

  test('of a workspace without a record lists nothing', async () => {
    const bench = await openBench({}, ONE);
    expect((await told(bench)).applies).toEqual([]);
    const { code, err } = await bench.lakebell('rollback', '--auto-approve');
    expect([code, err.includes('no apply is on record')]).toEqual([1, true]);
  });
});
