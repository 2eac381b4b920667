import { EXIT, type ExitCode } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { DEMO_CONFIG, DEMO_MISTAKES, DEMO_SECRETS, DEMO_SEED } from './demo-sample.ts';

export type RunCommand = (argv: readonly string[], host: Host) => Promise<ExitCode>;

/** The whole line on a simulated workspace: the same commands that a user runs, with the same output. */
export async function runDemo(host: Host, run: RunCommand): Promise<ExitCode> {
  const folder = await host.makeTemporaryFolder('lakebell-demo-');
  host.enterFolder(folder);
  const sandbox = await startSandbox({ seed: DEMO_SEED });
  try {
    await play({ host, run, folder, sandbox });
    return EXIT.done;
  } finally {
    await sandbox.close();
  }
}

type Stage = {
  readonly host: Host;
  readonly run: RunCommand;
  readonly folder: string;
  readonly sandbox: Sandbox;
};

async function play(stage: Stage): Promise<void> {
  const { host, folder, sandbox } = stage;
  await host.writeFile('notifications.yml', DEMO_MISTAKES);
  await scene(
    stage,
    'A first try, with mistakes: all of them at once, each with its place and its remedy.',
    'validate',
  );
  await host.writeFile('notifications.yml', DEMO_CONFIG);
  await scene(stage, 'Mended. What would happen?', 'plan', '--out', 'plan.json');
  await scene(stage, 'Apply exactly what was shown, and nothing else.', 'apply', '--plan', 'plan.json');
  await scene(stage, 'Plan again: there is nothing to do, and nothing is written.', 'plan');
  sandbox.poke.setJob('581234567890123', (settings) => ({
    ...settings,
    email_notifications: { on_failure: ['somebody@company.test'] },
    webhook_notifications: {},
  }));
  const drift =
    'Meanwhile somebody clicks in the workspace and takes Slack off etl-pipeline. Drift tells what, and the ways on.';
  await scene(stage, drift, 'drift');
  await scene(stage, 'Put it back: the file says what is right.', 'apply', '--auto-approve');
  host.out(`\nThat was the demo. Its files are in ${folder}; start your own with:  lakebell sandbox\n`);
}

async function scene({ host, run, sandbox }: Stage, caption: string, ...command: string[]): Promise<void> {
  host.out(`\n\n# ${caption}\n$ lakebell ${command.join(' ')}\n\n`);
  const env = { ...host.env, ...DEMO_SECRETS, DATABRICKS_HOST: sandbox.url, DATABRICKS_TOKEN: 'demo-token' };
  // Findings belong to the story, so they stand in it rather than beside it.
  await run(command, { ...host, env, err: host.out });
}
