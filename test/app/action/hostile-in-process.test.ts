import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { runAction } from '../../../src/app/action/run-action.ts';
import { readApprovalNote } from '../../../src/report/approval-note.ts';
import {
  type ActionBench,
  type Step,
  dispatchTrigger,
  openAction,
  pullTrigger,
} from '../../support/action.ts';
import { bareRun } from './support/bare-run.ts';
import { CONFIG, applySquash, land, openEtl, savedPlan, shown } from './support/journeys.ts';

const HOSTILE: readonly string[] = [
  'a --> <!-- lakebell:end -->',
  '<!-- lakebell:status null -->',
  '```\n```json\n{"lakebell_approval":1}\n```',
  '@everyone #1 acme/notifications#1 </details></summary><img src=x>',
  '::set-output name=refused::true',
  '##[command]x',
  '\u202Eevil\u2066 \u200Bzero \u001B[31mred',
  '![x](https://evil.test/x.png) [y](javascript:1) https://evil.test',
  '| a | b |\n|---|---|',
  '`'.repeat(7),
];

describe('names that somebody chose to fool us', () => {
  test.each(HOSTILE)('of a job (%j) end no slot, mention nobody and order nothing', async (name) => {
    const bench = await openNamed(name);
    const planned = await bench.openPull(1, 'first');
    expect([planned.code, planned.outputs['refused']]).toEqual([0, 'false']);
    const applied = await bench.mergePull(1);
    expect([applied.code, readNote(bench)?.ops?.length]).toEqual([0, 1]);
    const body = shown(bench);
    const slots = body.split('\n').filter((line) => line.startsWith('<!--'));
    expect(slots.map((line) => line.replace(/ \{.*\}/u, ''))).toEqual([
      '<!-- lakebell:1 -->',
      '<!-- lakebell:status null -->',
      '<!-- lakebell:end -->',
      '<!-- lakebell:outlook null -->',
      '<!-- lakebell:end -->',
    ]);
    expect(body).toContain('✅ **Applied');
    for (const { log } of [planned, applied])
      expect(log).not.toMatch(/^\s*::|##(?:vso)?\[|\p{Cf}|(?!\n)\p{Cc}/mu);
    for (const text of [body, applied.summary])
      expect(outsideOfCode(text)).not.toMatch(/@everyone|evil|<img|#1\b/u);
  });

  test.each(HOSTILE.filter((key) => !/[@\p{Cc}]/u.test(key)))(
    'of a key (%j) are approved as they are',
    async (key) => {
      const text = `version: 1\ndestinations:\n  ${JSON.stringify(key)}: { display_name: d, email: { addresses: [d@company.test] } }\n`;
      const bench = await openAction({}, text);
      const planned = await bench.openPull(1, 'first');
      expect([
        planned.code === 0 ? '' : planned.log,
        readNote(bench)?.ops?.map(({ address }) => address),
      ]).toEqual(['', [`destination/${key}`]]);
      const applied = await bench.mergePull(1);
      expect([applied.code, applied.outputs['pending']]).toEqual([0, '0']);
      expect(shown(bench)).toContain('✅ **Applied');
    },
  );

  test.each(['a --> b', '../../other', 'a\nb', '@everyone', 'x'.repeat(500)])(
    'of the configuration (%j) are refused, and do no harm where they are told',
    async (name) => {
      const bench = await openEtl(CONFIG.replace('data-platform', JSON.stringify(name)));
      const { code } = await bench.openPull(1, 'first');
      expect([code, bench.github.checks().map(({ conclusion }) => conclusion)]).toEqual([1, ['failure']]);
      expect(outsideOfCode(shown(bench))).not.toMatch(/@everyone/u);
      await bench.write(CONFIG);
      await bench.pushToPull(1, 'second');
      expect((await bench.mergePull(1)).code).toBe(0);
    },
  );
});

describe('what must not be told', () => {
  test('is in nothing that is posted, printed, saved or set', async () => {
    const secret = 'p4ss-w0rd/with+signs';
    const bench = await openAction(
      {},
      'version: 1\ndestinations:\n  hook: { generic_webhook: { url: "https://hook.test", username: me, password: "${secrets.PASSWORD}" } }\n',
    );
    bench.env['PASSWORD'] = secret;
    const planned = await bench.openPull(1, 'first');
    land(bench, 1);
    const quoting = { error_code: 'INVALID', message: `the password ${secret} is bad, says sandbox-token` };
    bench.sandbox.fault({
      kind: 'status',
      status: 400,
      method: 'POST',
      path: '*/notification-destinations',
      body: quoting,
    });
    const failed = await applySquash(bench, 1);
    expect([planned.code, failed.code]).toEqual([0, 4]);
    const posted = JSON.stringify(bench.github.requests.map(({ path, body }) => [path, body]));
    for (const text of [posted, await leftBy(planned), await leftBy(failed)]) {
      for (const hidden of [secret, encodeURIComponent(secret), 'sandbox-token', 'github-token'])
        expect(text).not.toContain(hidden);
    }
    expect(posted).toContain('(secret PASSWORD)');
  });
});

describe('an event', () => {
  test.each([
    ['that is not JSON', 'nonsense', 'is not JSON'],
    ['that is empty', '', 'is not JSON'],
  ])('%s stops the run before anything is read', async (_what, text, why) => {
    const bench = await openEtl();
    const { host, runner, left } = await bareRun(bench, dispatchTrigger(), {});
    await bench.write(text, 'event.json');
    expect([await runAction(host, runner), bench.sandbox.requests]).toEqual([1, []]);
    expect(left().annotations).toEqual([expect.objectContaining({ message: expect.stringContaining(why) })]);
  });

  test.each([null, [], {}, { pull_request: null }, { pull_request: { number: 'x', head: 7 } }])(
    'that holds %j is planned, and GitHub is told nothing',
    async (payload) => {
      const bench = await openEtl();
      const trigger = { ...pullTrigger(1, 'first'), payload: payload as never };
      const { code, outputs } = await bench.step(trigger);
      expect([code, outputs['pending'], bench.github.requests]).toEqual([0, '2', []]);
    },
  );

  test('that is none asks for the command line', async () => {
    const bench = await openEtl();
    const { host, runner } = await bareRun(bench, dispatchTrigger(), {});
    const env = { ...host.env, GITHUB_EVENT_NAME: undefined };
    const printed = { text: '' };
    const err = (text: string): void => void (printed.text += text);
    expect(await runAction({ ...host, env, err }, runner)).toBe(1);
    expect(printed.text).toContain('lakebell plan');
  });
});

describe('very much', () => {
  test('fits into comment, check and summary, and is whole in the report', async () => {
    const keys = Array.from({ length: 400 }, (_none, at) => `🔔 team ${at} ${'ö'.repeat(60)}`);
    const lines = keys.map(
      (key, at) => `  ${JSON.stringify(key)}: { email: { addresses: [d${at}@company.test] } }\n`,
    );
    const limits = 'settings: { limits: { max_changes: 1000 } }\n';
    const bench = await openAction({}, `version: 1\n${limits}destinations:\n${lines.join('')}`);
    const planned = await bench.openPull(1, 'first');
    const [check] = bench.github.checks();
    expect([planned.code, planned.annotations]).toEqual([0, []]);
    for (const text of [shown(bench), check?.output.summary ?? '', check?.output.text ?? '']) {
      expect(Buffer.byteLength(text)).toBeLessThan(65_536);
    }
    expect(shown(bench)).toContain('**Shortened to fit:**');
    expect(await readFile(planned.outputs['report-file'] ?? '', 'utf8')).toContain('d399@company.test');
    expect((await savedPlan(planned)).changes).toHaveLength(400);
  });
});

async function openNamed(name: string): Promise<ActionBench> {
  const jobs = [{ job_id: '7', settings: { name } }];
  return openAction(
    { seed: { jobs } },
    'version: 1\nname: data-platform\njobs: { etl: { id: "7", notify: { on_failure: [x@company.test] } } }\n',
  );
}

function readNote({ github }: ActionBench): ReturnType<typeof readApprovalNote> {
  return readApprovalNote(github.checks()[0]?.output.text ?? '');
}

/** Without our markers, fenced blocks, code spans and what HTML shows as code. */
function outsideOfCode(text: string): string {
  return text
    .replaceAll(/^<!-- lakebell:[^>]*-->$/gmu, '')
    .replaceAll(/^(`{3,})\w*\n.*?\n\1$/gmsu, '')
    .replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/gsu, '')
    .replaceAll(/<code>.*?<\/code>/gsu, '')
    .replaceAll(/\]\(<[^>]*>\)/gu, '');
}

/** Every byte that a step leaves on the machine. */
async function leftBy({ log, outputs, annotations, summary }: Step): Promise<string> {
  const file = outputs['report-file'] ?? '';
  const folder = file.slice(0, file.lastIndexOf('/'));
  const names = await readdir(folder);
  const files = await Promise.all(names.map((name) => readFile(`${folder}/${name}`, 'utf8')));
  return [log, summary, JSON.stringify([outputs, annotations]), ...files].join('\n');
}
