import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { givenAttributes } from '../../src/databricks/auth/attributes.ts';
import { databricksCli } from '../../src/databricks/auth/databricks-cli.ts';
import { localMachine } from '../../src/host/machine.ts';

const NODE = process.execPath;
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'machine-'));
});

afterEach(async () => {
  delete process.env['DATABRICKS_TOKEN'];
  await rm(folder, { recursive: true });
});

/** A program of that name, written in JavaScript. */
async function program(name: string, code: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!${NODE}\n${code}`);
  await chmod(path, 0o755);
  return path;
}

describe('the machine', () => {
  test('runs a program without a shell, and says how it ended', async () => {
    const code = 'console.log(process.argv[1]); console.error("why"); process.exitCode = 3';
    expect(await localMachine.run(NODE, ['-e', code, '$HOME; echo "x" | cat'])).toEqual({
      code: 3,
      out: '$HOME; echo "x" | cat\n',
      err: 'why\n',
    });
  });

  test('lays variables over the environment, and takes others away', async () => {
    process.env['DATABRICKS_TOKEN'] = 'dapi-of-ours';
    const code =
      'console.log([process.env.DATABRICKS_TOKEN, process.env.ADDED, "PATH" in process.env].join())';
    const env = { DATABRICKS_TOKEN: undefined, ADDED: 'yes' };
    expect(await localMachine.run(NODE, ['-e', code], { env })).toMatchObject({ out: ',yes,true\n' });
  });

  test('stops a program after its time', async () => {
    const code = 'setInterval(() => undefined, 1000)';
    expect(await localMachine.run(NODE, ['-e', code], { timeoutMs: 200 })).toMatchObject({ code: null });
  });

  test('has nothing to say to a program that asks', async () => {
    const code = 'process.stdin.resume().on("end", () => console.log("nobody there"))';
    expect(await localMachine.run(NODE, ['-e', code])).toMatchObject({ code: 0, out: 'nobody there\n' });
  });

  test('knows of programs and files that are not there', async () => {
    expect(await localMachine.run(join(folder, 'none'), [])).toBeUndefined();
    expect(await localMachine.readText(join(folder, 'none'))).toBeUndefined();
    await writeFile(join(folder, 'some'), 'text');
    expect(await localMachine.readText(join(folder, 'some'))).toBe('text');
  });

  test('gives a token of a real program that keeps its own', async () => {
    process.env['DATABRICKS_TOKEN'] = 'dapi-of-ours';
    const path = await program(
      'databricks',
      `const { argv, env } = process;
      if (argv[2] === 'version') console.log('Databricks CLI v0.300.1');
      else console.log(JSON.stringify({
        access_token: [...argv.slice(2), String(env.DATABRICKS_TOKEN)].join('/'),
        token_type: 'Bearer', expiry: '2026-01-01T01:00:00Z' }));`,
    );
    const attributes = givenAttributes({}, { DATABRICKS_CLI_PATH: path });
    const origin = 'https://a.cloud.databricks.com';
    const prepared = databricksCli.prepare(attributes, { origin, isAzure: false });
    if ('missing' in prepared) throw new Error(prepared.missing);
    const connection = {
      clock: () => Date.UTC(2026, 0, 1),
      sleep: () => Promise.resolve(),
      random: () => 0,
      userAgent: 'x',
    };
    const token = await prepared.open(origin, connection, localMachine).token();
    expect(token.isText(`auth/token/--host/${origin}/--force-refresh/undefined`)).toBe(true);
  });
});
