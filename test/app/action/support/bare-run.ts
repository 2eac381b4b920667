import { writeFile } from 'node:fs/promises';
import type { Runner, RunnerAnnotation } from '../../../../src/host/github/runner.ts';
import type { Host } from '../../../../src/host/host.ts';
import { type ActionBench, type Inputs, type Trigger, runnerEnvironment } from '../../../support/action.ts';
import { hostOf } from '../../../support/cli.ts';

type Instead = {
  readonly host?: Partial<Host>;
  readonly runner?: Partial<Runner>;
  readonly inputs?: Inputs;
};

type BareRun = {
  readonly host: Host;
  readonly runner: Runner;
  readonly left: () => {
    readonly outputs: Readonly<Record<string, string>>;
    readonly annotations: readonly RunnerAnnotation[];
  };
};

/** A plan on a machine of which parts are broken. */
export async function bareRun(bench: ActionBench, trigger: Trigger, instead: Instead): Promise<BareRun> {
  const payload = bench.path('event.json');
  await writeFile(payload, JSON.stringify(trigger.payload));
  const place = { folder: bench.folder, apiUrl: bench.github.url, id: 1 };
  const env = { ...bench.env, ...runnerEnvironment(trigger, place), GITHUB_EVENT_PATH: payload };
  const time = { now: Date.UTC(2026, 0, 1), slept: 0, interrupted: new Set<() => void>() };
  const host = hostOf({ env, answers: [] }, time, { out: '', err: '' });
  const inputs: Inputs = { mode: 'plan', 'working-directory': bench.folder, ...instead.inputs };
  const outputs: Record<string, string> = {};
  const annotations: RunnerAnnotation[] = [];
  const runner: Runner = {
    input: (name) => inputs[name] ?? '',
    setOutput: (name, value) => Promise.resolve(void (outputs[name] = value)),
    annotate: (annotation) => Promise.resolve(void annotations.push(annotation)),
    appendSummary: () => Promise.resolve(),
    startGroup: () => Promise.resolve(),
    endGroup: () => Promise.resolve(),
    ...instead.runner,
  };
  return { host: { ...host, ...instead.host }, runner, left: () => ({ outputs, annotations }) };
}
