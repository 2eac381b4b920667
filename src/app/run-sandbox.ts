import { EXIT, type ExitCode, SettingsError } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { parseSeed } from '../sandbox/parse-seed.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import type { Seed } from '../sandbox/seed.ts';
import type { SandboxOptions } from './options.ts';

/** A simulated workspace on loopback until it is interrupted. */
export async function runSandbox(host: Host, options: SandboxOptions): Promise<ExitCode> {
  const seed = await readSeed(host, options.seed);
  const sandbox = await startSandbox({ port: options.port, ...(seed === undefined ? {} : { seed }) });
  const token = seed?.identities?.[0]?.token ?? 'sandbox-token';
  host.out(`A simulated workspace listens on ${sandbox.url}; it is gone when you press Ctrl-C.\n\n`);
  host.out(`  export DATABRICKS_HOST=${sandbox.url}\n  export DATABRICKS_TOKEN=${token}\n`);
  await new Promise<void>((resolve) => {
    const stop = host.onInterrupt(() => {
      stop();
      resolve();
    });
  });
  await sandbox.close();
  return EXIT.done;
}

async function readSeed(host: Host, path: string | undefined): Promise<Seed | undefined> {
  if (path === undefined) return undefined;
  const text = await host.readFile(path).catch((error: unknown) => {
    throw new SettingsError(`the seed ${path} cannot be read`, { cause: error });
  });
  return parseSeed(text);
}
