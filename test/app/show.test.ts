import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ShowDocument } from '../../src/core/document.ts';
import { showSchema } from '../../src/report/show.ts';
import { textOf } from '../architecture/source.ts';
import { type Bench, openBench } from '../support/cli.ts';

const CONFIG = `version: 1
destinations:
  chat: { slack: { url: "\${secrets.CHAT}" } }
  leads: { email: { addresses: [leads@company.test] } }
jobs:
  etl: { notify: { on_failure: [chat, oncall@company.test] } }
`;

const JOB = {
  job_id: '9007199254740993',
  settings: { name: 'etl', email_notifications: { on_start: ['theirs@company.test'] } },
};

async function applied(): Promise<Bench> {
  const bench = await openBench({ seed: { jobs: [JOB] } }, CONFIG);
  bench.env['CHAT'] = 'https://hooks.slack.test/services/very-secret';
  expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
  return bench;
}

async function shown(bench: Bench, ...argv: string[]): Promise<ShowDocument> {
  return JSON.parse((await bench.lakebell('show', ...argv, '--format', 'json')).out) as ShowDocument;
}

describe('show', () => {
  test('tells what is on record as it is now, in the words of the file', async () => {
    const bench = await applied();
    const document = await shown(bench);
    expect(document.objects.map(({ address }) => address)).toEqual([
      'destination/chat',
      'destination/leads',
      'job/9007199254740993',
    ]);
    expect(document.objects[0]?.secrets).toEqual({ 'slack.url': expect.stringMatching(/^\d{4}-/) });
    expect(document.objects[2]?.fields).toEqual({
      'email_notifications.on_failure': ['oncall@company.test'],
      'webhook_notifications.on_failure': ['chat'],
    });
    expect(bench.writes()).toEqual([]);
  });

  test('gives a document that its schema accepts, and the schema is committed', async () => {
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(showSchema());
    expect([validate(await shown(await applied())), validate.errors]).toEqual([true, null]);
    expect(JSON.parse(textOf('schemas/show.schema.json'))).toEqual(JSON.parse(JSON.stringify(showSchema())));
  });

  test('narrows to an address, and says where nothing is called so', async () => {
    const bench = await applied();
    expect((await shown(bench, 'job/etl')).objects.map(({ key }) => key)).toEqual(['etl']);
    const ran = await bench.lakebell('show', 'job/other');
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain('nothing on record is called "job/other"');
  });

  test('tells what is gone', async () => {
    const bench = await applied();
    const [destination] = bench.sandbox.snapshot().destinations ?? [];
    bench.sandbox.poke.deleteDestination(String(destination?.id));
    expect((await bench.lakebell('show')).out).toContain('gone from the workspace');
  });

  test('shows no secret', async () => {
    const bench = await applied();
    for (const format of ['text', 'json']) {
      expect((await bench.lakebell('show', '--format', format)).out).not.toContain('very-secret');
    }
  });

  test('of a workspace without a record shows nothing', async () => {
    const bench = await openBench({}, CONFIG);
    expect((await bench.lakebell('show')).out).toContain('there is no record');
  });
});
