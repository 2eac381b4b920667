import { describe, expect, test } from '@jest/globals';
import { startOnWindows } from '../../src/host/windows.ts';

const AZ = 'C:\\Program Files\\Azure\\wbin\\az.cmd';
const CLI = 'D:\\tools\\databricks.exe';
const ENV = { Path: `.;relative\\bin;"C:\\Program Files\\Azure\\wbin";D:\\tools`, SystemRoot: 'C:\\WINDOWS' };

function start(program: string, args: readonly string[], files: readonly string[] = [AZ, CLI]) {
  return startOnWindows(program, args, { env: ENV, isFile: (path) => Promise.resolve(files.includes(path)) });
}

describe('on Windows', () => {
  test('a program is started as it is', async () => {
    expect(await start('databricks', ['auth', 'token x'])).toEqual({
      file: CLI,
      args: ['auth', 'token x'],
      isVerbatim: false,
    });
  });

  test('a batch file is started through its interpreter', async () => {
    const args = ['account', 'get-access-token', '--resource', 'https://management.core.windows.net/'];
    expect(await start('az', args)).toEqual({
      file: 'C:\\WINDOWS\\System32\\cmd.exe',
      args: ['/d', '/s', '/c', `""${AZ}" ${args.join(' ')}"`],
      isVerbatim: true,
    });
  });

  test.each(['a b', 'a&calc', '%PATH%', 'a"b', 'a^b', 'a|b', 'a>b', '', 'a\nb', '!x!'])(
    'a batch file gets no argument that the interpreter would read: %j',
    async (arg) => {
      expect(await start('az', ['account', arg])).toBeUndefined();
    },
  );

  test('nothing is started from the current folder', async () => {
    const planted = ['az.exe', 'az.cmd', '.\\az.exe', 'relative\\bin\\az.exe', 'relative\\bin\\az.cmd'];
    expect(await start('az', ['x'], planted)).toBeUndefined();
    expect(await start('az', ['x'], [...planted, AZ])).toMatchObject({ isVerbatim: true });
  });

  test.each([
    ['D:\\tools\\databricks.exe', CLI],
    ['D:\\tools\\databricks', CLI],
    ['D:/tools/databricks', CLI],
  ])('a path is taken as it is: %s', async (path, file) => {
    expect(await start(path, ['x'])).toMatchObject({ file });
  });

  test('there may be no such program', async () => {
    expect(await start('terraform', [])).toBeUndefined();
  });
});
