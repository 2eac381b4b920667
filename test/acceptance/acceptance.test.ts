import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { Behaviour } from '../../src/sandbox/behaviour.ts';
import { parseSeed } from '../../src/sandbox/parse-seed.ts';
import { mergedSettings } from '../../src/sandbox/poke.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import { type Bench, openBench } from '../support/cli.ts';

const ROOT = dirname(fileURLToPath(import.meta.url));
const SCENARIOS = readdirSync(ROOT, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

/**
 * One folder each: `notifications.yml` and `seed.json`; `env.json`; `behaviour.json`, how the workspace
 * is; `before.yml`, which is applied first; `meanwhile.json`,
 * which then happens in the workspace; `between.json`, which happens between the plan of the apply and its first write, and
 * then what the apply says is accepted too; `options.json`, with which the plan is made and applied. What a person sees is product text: ACCEPT=1 writes it, and somebody reads it.
 */
describe('the scenario', () => {
  test.each(SCENARIOS)('%s plans, renders, writes and ends as accepted', async (scenario) => {
    const folder = join(ROOT, scenario);
    // From the repository, so that paths in the texts are the same everywhere.
    const config = (name: string): string => relative(process.cwd(), join(folder, name));
    const seed = parseSeed(await readFile(join(folder, 'seed.json'), 'utf8'));
    const bench = await openMeddled(
      { seed, behaviour: await readJson(join(folder, 'behaviour.json')) },
      await readJson(join(folder, 'between.json')),
    );
    Object.assign(bench.env, await readJson(join(folder, 'env.json')));
    if (existsSync(join(folder, 'before.yml'))) {
      const { code, out, err } = await bench.lakebellOn(config('before.yml'), 'apply', '--auto-approve');
      expect(code === 0 ? '' : out + err).toBe('');
    }
    happen(bench, await readJson(join(folder, 'meanwhile.json')));

    const { argv = [] } = (await readJson(join(folder, 'options.json'))) as { argv?: readonly string[] };
    const lakebell = (...words: readonly string[]) =>
      bench.lakebellOn(config('notifications.yml'), ...words, ...argv);
    const plan = await lakebell('plan');
    const markdown = await lakebell('plan', '--format', 'markdown');
    bench.arm();
    const apply = await lakebell(...APPLY);
    const name = namer(bench);
    const requests = [`plan exits with ${plan.code}, apply with ${apply.code}`, ...writesOf(bench)].join(
      '\n',
    );
    await expectAccepted(join(folder, 'expected-plan.txt'), name(plan.err + plan.out));
    await expectAccepted(join(folder, 'expected-plan.md'), name(markdown.out));
    await expectAccepted(join(folder, 'expected-requests.txt'), name(`${requests}\n`));
    if (existsSync(join(folder, 'between.json')))
      await expectAccepted(join(folder, 'expected-apply.md'), name(apply.out));
  });
});

const APPLY = ['apply', '--auto-approve', '--format', 'markdown'];

/** Once armed, something happens as the next lock is taken: the plan is made by then, and nothing is written. */
async function openMeddled(
  { seed, behaviour }: { readonly seed: Seed; readonly behaviour: Partial<Behaviour> },
  between: Meanwhile,
): Promise<Bench & { arm(): void }> {
  const state: { bench?: Bench; isArmed: boolean } = { isArmed: false };
  const sleep = (): Promise<void> => {
    const isLocking = state.bench?.sandbox.requests.at(-1)?.path.includes('.json.lock') === true;
    if (state.isArmed && isLocking && state.bench !== undefined) {
      state.isArmed = false;
      happen(state.bench, between);
    }
    return Promise.resolve();
  };
  const isQuiet = Object.keys(between).length === 0;
  const bench = await openBench(
    isQuiet ? { seed, behaviour } : { seed, behaviour: { ...behaviour, latencyMs: 1 }, sleep },
  );
  state.bench = bench;
  const arm = (): void => {
    state.isArmed = !isQuiet;
  };
  return { ...bench, arm };
}

type Meanwhile = {
  /** Job id to settings that are laid over; null removes one. */
  readonly jobs?: Readonly<Record<string, Readonly<Record<string, never>>>>;
  readonly rename?: Readonly<Record<string, string>>;
  readonly delete?: readonly string[];
};

function happen({ sandbox }: Bench, { jobs = {}, rename = {}, delete: gone = [] }: Meanwhile): void {
  const idOf = (name: string): string =>
    String(sandbox.snapshot().destinations.find(({ display_name: of }) => of === name)?.id);
  for (const [id, patch] of Object.entries(jobs))
    sandbox.poke.setJob(id, (settings) => mergedSettings(settings, patch));
  for (const [from, to] of Object.entries(rename)) sandbox.poke.renameDestination(idOf(from), to);
  for (const name of gone) sandbox.poke.deleteDestination(idOf(name));
}

/** Sorted, as what does not depend on each other is sent at once; the record and its lock are left out. */
function writesOf({ sandbox }: Bench): readonly string[] {
  return sandbox.requests
    .filter(({ method, path }) => method !== 'GET' && !path.includes('/workspace'))
    .map(({ method, path, body, status }) => `${method} ${path} ${body} -> ${status}`.replace('  ', ' '))
    .sort(byText);
}

/** Puts words where every run has another value, and shows what cannot be seen. */
function namer({ sandbox }: Bench): (text: string) => string {
  const { destinations } = sandbox.snapshot();
  const made = destinations.filter(({ id }) => !String(id).includes('-0000-4000-8000-'));
  return (text) =>
    made
      .reduce<string>((rest, { id, display_name: of }) => rest.replaceAll(String(id), `<id of ${of}>`), text)
      .replaceAll(
        /\[\{"id":"[^\]]*"\}\]/g,
        (list) => `[${list.slice(1, -1).split(',').sort(byText).join(',')}]`,
      )
      .replaceAll(sandbox.url, 'https://workspace.test')
      .replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:…')
      .replaceAll(/ in \d+(\.\d+)? s\b/g, ' in 0.1 s')
      .replaceAll(/\p{Cf}/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

async function readJson(path: string): Promise<object> {
  return existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as object) : {};
}

async function expectAccepted(path: string, text: string): Promise<void> {
  if (process.env['ACCEPT'] === '1') return writeFile(path, text);
  expect(text).toBe(await readFile(path, 'utf8'));
}
