import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { renderDist } from '../../../script/build.ts';
import { type Inputs, type Trigger, runnerEnvironment } from '../../support/action.ts';

/** What a step of the shipped action left behind, as the runner sees it. */
export type BundledStep = {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Commands that the runner would obey, by name. */
  readonly commands: readonly { readonly name: string; readonly text: string }[];
};

/** Builds the action anew, so that what is tried is what the sources say. Gives the path of its entry. */
export async function buildAction(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lakebell-dist-'));
  for (const [name, text] of await renderDist()) await writeFile(join(folder, name), text);
  return join(folder, 'index.js');
}

export type Job = {
  readonly entry: string;
  /** The repository's files. */
  readonly folder: string;
  readonly apiUrl: string;
  readonly env: Readonly<Record<string, string>>;
};

/** Runs one step in a process of its own, with nothing of this process' environment but the path. */
export async function runStep(
  job: Job,
  trigger: Trigger,
  { id, attempt = 1, inputs }: { readonly id: number; readonly attempt?: number; readonly inputs: Inputs },
): Promise<BundledStep> {
  const temporary = await mkdtemp(join(tmpdir(), 'lakebell-runner-'));
  const files = {
    event: 'event.json',
    output: 'output',
    summary: 'summary.md',
    state: 'state',
    env: 'env',
    path: 'path',
  };
  const at = (name: keyof typeof files): string => join(temporary, '_runner', files[name]);
  await mkdir(dirname(at('event')));
  for (const name of ['output', 'summary', 'state', 'env', 'path'] as const) await writeFile(at(name), '');
  await writeFile(at('event'), JSON.stringify(trigger.payload));
  const { code, out, err } = await spawned(job, {
    PATH: process.env['PATH'] ?? '',
    HOME: temporary,
    RUNNER_TEMP: temporary,
    GITHUB_EVENT_PATH: at('event'),
    GITHUB_OUTPUT: at('output'),
    GITHUB_STEP_SUMMARY: at('summary'),
    GITHUB_STATE: at('state'),
    GITHUB_ENV: at('env'),
    GITHUB_PATH: at('path'),
    ...runnerEnvironment(trigger, { folder: job.folder, apiUrl: job.apiUrl, id, attempt }),
    ...inputVariables({ 'github-token': 'github-token', ...inputs }),
    ...job.env,
  });
  return {
    code,
    out,
    err,
    outputs: outputsIn(await readFile(at('output'), 'utf8')),
    summary: await readFile(at('summary'), 'utf8'),
    commands: commandsIn(out),
  };
}

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

function spawned({ entry, folder }: Job, env: Readonly<Record<string, string>>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const printed = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (printed.out += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (printed.err += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...printed }));
  });
}

function inputVariables(inputs: Inputs): Readonly<Record<string, string>> {
  const entries = Object.entries(inputs).map(
    ([name, value]) => [`INPUT_${name.toUpperCase()}`, value] as const,
  );
  return Object.fromEntries(entries);
}

/** `name<<delimiter`, lines, `delimiter`. */
function outputsIn(text: string): Readonly<Record<string, string>> {
  const found = text.matchAll(/^([\w-]+)<<(.+)\n([\s\S]*?)\n?\2$/gm);
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value] as const));
}

function commandsIn(out: string): BundledStep['commands'] {
  return [...out.matchAll(/^\s*::([\w-]+)([^\n]*)$/gm)].map(([, name = '', text = '']) => ({ name, text }));
}
