import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { terminalHost } from '../../src/host/terminal.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakebell-test-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the profile file', () => {
  test('is read where it is named, also from the home folder', async () => {
    const path = join(folder, 'profiles');
    await writeFile(path, '[a]\n');
    const { readProfileFile } = terminalHost();
    expect(await readProfileFile(path)).toBe('[a]\n');
    expect(await readProfileFile(`~/${relative(homedir(), path)}`)).toBe('[a]\n');
  });

  test('is undefined where it is absent, and nothing else is', async () => {
    const { readProfileFile } = terminalHost();
    expect(await readProfileFile(join(folder, 'absent'))).toBeUndefined();
    await expect(readProfileFile(folder)).rejects.toThrow('EISDIR');
  });
});
