import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { GUARDS } from '../core/guard.ts';
import { EXIT, type ExitCode, ToolError } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import {
  type ApplyOptions,
  type CommonOptions,
  type DriftOptions,
  type PlanOptions,
  REPAIRS,
  type SandboxOptions,
} from './options.ts';
import { runAccept } from './accept.ts';
import { printError } from './print.ts';
import { runDemo } from './run-demo.ts';
import { runDoctor } from './run-doctor.ts';
import { runApply, runDrift, runPlan } from './run-plan.ts';
import { runHistory } from './run-history.ts';
import { runRollback } from './run-rollback.ts';
import { runSandbox } from './run-sandbox.ts';
import { runSchema } from './run-schema.ts';
import { runShow } from './run-show.ts';
import { runUnlock } from './run-unlock.ts';
import { runValidate } from './run-validate.ts';
import { TOOL } from './tool.ts';

/** Runs one command line and gives its exit code; nothing is thrown. */
export async function run(argv: readonly string[], host: Host): Promise<ExitCode> {
  const outcome: { code: ExitCode } = { code: EXIT.done };
  const program = programFor(host, (code) => {
    outcome.code = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.config;
    await printError(host, { ...FALLBACK, verbose: argv.includes('--verbose') }, error);
    return error instanceof ToolError ? error.exitCode : EXIT.config;
  }
}

const FALLBACK: CommonOptions = {
  config: 'notifications.yml',
  target: undefined,
  allTargets: false,
  format: 'text',
  profile: undefined,
  host: undefined,
  color: true,
  verbose: false,
  quiet: false,
};

function programFor(host: Host, finish: (code: ExitCode) => void): Command {
  const program = new Command(TOOL.name)
    .description('Databricks notifications as code')
    .version(TOOL.version)
    .exitOverride()
    .configureOutput({ writeOut: host.out, writeErr: host.err, getOutHelpWidth: () => host.columns })
    .showHelpAfterError('(lakebell --help lists commands and options)')
    .helpCommand(true);
  addValidate(program, host, finish);
  addPlan(program, host, finish);
  addApply(program, host, finish);
  addHistory(program, host, finish);
  addDrift(program, host, finish);
  addRest(program, host, finish);
  return program;
}

type Adder = (program: Command, host: Host, finish: (code: ExitCode) => void) => void;

const addValidate: Adder = (program, host, finish) => {
  common(program.command('validate').description('Check the configuration; no network, no credentials'))
    .addOption(requireSecrets())
    .action(async (options: PlanOptions) => finish(await runValidate(host, options)));
};

const addPlan: Adder = (program, host, finish) => {
  planning(program.command('plan').description('Show what apply would do; writes nothing'))
    .addOption(repairOption())
    .option('--detailed-exitcode', 'exit with 2 when changes are pending', false)
    .action(async (options: PlanOptions) => finish(await runPlan(host, options)));
};

const addApply: Adder = (program, host, finish) => {
  const description = 'Plan again, match the approval, write, verify, record';
  applying(planning(program.command('apply').description(description)))
    .addOption(repairOption())
    .action(async (options: TypedApply) => finish(await runApply(host, applyOptions(options))));
};

const addHistory: Adder = (program, host, finish) => {
  common(
    program
      .command('history')
      .description('List what was applied: when, by whom, and with --verbose what it changed')
      .argument('[serial]', 'only this apply, with what it changed', serial),
  ).action(async (of: number | undefined, options: CommonOptions) =>
    finish(await runHistory(host, { ...options, serial: of })),
  );
  applying(
    judging(
      program
        .command('rollback')
        .description('Plan the inverse of an apply, then as apply does')
        .argument('[serial]', 'of the apply, as history lists it; the newest where it is left out', serial),
    ),
  ).action(async (of: number | undefined, options: TypedApply) =>
    finish(await runRollback(host, { ...applyOptions(options), rotate: [], replace: [], serial: of })),
  );
};

/** As the command line has it: `--no-removals` is there the other way round. */
type TypedApply = Omit<ApplyOptions, 'noRemovals' | 'lockTimeoutMs'> & {
  readonly removals: boolean;
  readonly lockTimeout: number;
};

function applyOptions({ removals, lockTimeout, ...rest }: TypedApply): ApplyOptions {
  return { ...rest, noRemovals: !removals, lockTimeoutMs: lockTimeout * 1000 };
}

const addDrift: Adder = (program, host, finish) => {
  planning(
    program
      .command('drift')
      .description('Show what changed in the workspace since the last apply; writes nothing there'),
  )
    .option('--accept', 'take it over into the file', false)
    .action(async (typed: DriftOptions) => {
      const options = { ...typed, detailedExitcode: true };
      finish(await (options.accept ? runAccept(host, options) : runDrift(host, options)));
    });
};

const addRest: Adder = (program, host, finish) => {
  common(
    program
      .command('doctor')
      .description('Check signing in, permissions, network and limits, with what to do; writes nothing'),
  ).action(async (options: CommonOptions) => finish(await runDoctor(host, options)));
  common(
    program
      .command('unlock')
      .description("Remove a dead run's lock")
      .argument('<id>', 'as the message of a held lock says it'),
  ).action(async (id: string, options: CommonOptions) => finish(await runUnlock(host, { ...options, id })));
  common(
    program
      .command('show')
      .description('Show what is managed, as it is now')
      .argument('[address]', 'only this one, for example "destination/*"'),
  ).action(async (address: string | undefined, options: CommonOptions) =>
    finish(await runShow(host, { ...options, address })),
  );
  program
    .command('sandbox')
    .description('A simulated workspace on loopback, in memory')
    .addOption(new Option('--port <number>', 'port to listen on').argParser(port).default(0, 'a free one'))
    .option('--seed <file>', 'JSON file with what the workspace holds at first')
    .action(async (options: SandboxOptions) => finish(await runSandbox(host, options)));
  program
    .command('demo')
    .description('Validate, plan and apply on a simulated workspace; no account, no network')
    .action(async () => finish(await runDemo(host, run)));
  program
    .command('schema')
    .description('Print the JSON Schema of the configuration')
    .action(() => finish(runSchema(host)));
};

function common(command: Command): Command {
  return command
    .option('--config <file>', 'configuration', 'notifications.yml')
    .option('--target <name>', 'workspace, as named under `targets`')
    .option('--all-targets', 'every target, one after the other', false)
    .addOption(
      new Option('--format <format>', 'of the result').choices(['text', 'json', 'markdown']).default('text'),
    )
    .option('--profile <name>', 'profile in the Databricks configuration file')
    .option('--host <url>', 'workspace address')
    .option('--no-color', 'no colours, as with NO_COLOR')
    .option('--verbose', 'more detail', false)
    .option('--quiet', 'only results and errors', false);
}

function planning(command: Command): Command {
  return judging(command)
    .addOption(listOption('--rotate <address>', 'write the secrets of this object again; may be repeated'))
    .addOption(listOption('--replace <address>', 'make this object anew; may be repeated'));
}

function judging(command: Command): Command {
  return common(command)
    .option('--out <file>', 'also save the plan as JSON')
    .addOption(
      listOption('--only <glob>', 'only addresses that match, for example "destination/*"; may be repeated'),
    )
    .addOption(requireSecrets())
    .addOption(
      listOption(
        '--explain <glob>',
        'tell which line puts each recipient there, and which lost; may be repeated',
      ),
    )
    .addOption(listOption('--allow <guard>', 'lift a guard for this run; may be repeated').argParser(guard));
}

function applying(command: Command): Command {
  return command
    .option('--approve <digest>', 'apply exactly the plan of this digest')
    .option('--plan <file>', 'apply what a saved plan says, as far as it is still current')
    .option('--auto-approve', 'apply whatever the plan is now', false)
    .option('--no-removals', 'hold back whatever deletes, replaces or takes a recipient, rule or flag away')
    .addOption(
      new Option('--lock-timeout <seconds>', 'wait for a held lock')
        .argParser(seconds)
        .default(0, 'not at all'),
    );
}

function repairOption(): Option {
  const description = 'take ids of destinations that no longer exist out of what the file names: dangling';
  return listOption('--repair <what>', description).argParser(repair);
}

function requireSecrets(): Option {
  return new Option('--require-secrets', 'a secret that is not set is an error').default(false);
}

function listOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(append).default([], 'none');
}

function append(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

function guard(value: string, earlier: readonly string[]): readonly string[] {
  if (GUARDS.some((name) => name === value)) return [...earlier, value];
  throw new InvalidArgumentError(`Guards: ${GUARDS.join(', ')}.`);
}

function repair(value: string, earlier: readonly string[]): readonly string[] {
  if (REPAIRS.some((name) => name === value)) return [...new Set([...earlier, value])];
  throw new InvalidArgumentError(`What can be repaired: ${REPAIRS.join(', ')}.`);
}

function seconds(value: string): number {
  const count = Number(value);
  if (value !== '' && Number.isFinite(count) && count >= 0) return count;
  throw new InvalidArgumentError('A number of seconds.');
}

function serial(value: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('A serial, as `lakebell history` lists it.');
}

function port(value: string): number {
  const count = Number(value);
  if (Number.isInteger(count) && count >= 0 && count <= 65535 && value !== '') return count;
  throw new InvalidArgumentError('A number from 0 to 65535.');
}
