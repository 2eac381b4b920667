import { win32 } from 'node:path';

/** What is started in the end. */
export type Start = {
  readonly file: string;
  readonly args: readonly string[];
  /** Whether the arguments are quoted already. */
  readonly isVerbatim: boolean;
};

export type Windows = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isFile: (path: string) => Promise<boolean>;
};

/**
 * Windows looks for programs in the current folder first, which may be the checkout of a stranger's branch, and starts
 * batch files, as `az` is one, only through their interpreter.
 * @returns undefined where there is no such program on the PATH, or its arguments are not safe with the interpreter
 */
export async function startOnWindows(
  program: string,
  args: readonly string[],
  { env, isFile }: Windows,
): Promise<Start | undefined> {
  for (const path of candidates(program, env)) {
    if (await isFile(path))
      return /\.(cmd|bat)$/i.test(path) ? throughCmd(path, args, env) : plain(path, args);
  }
  return undefined;
}

function candidates(program: string, env: Windows['env']): readonly string[] {
  const endings = win32.extname(program) === '' ? ['.exe', '.cmd'] : [''];
  const isPath = /[\\/]/.test(program);
  const folders = isPath ? [''] : foldersOf(env).filter((folder) => win32.isAbsolute(folder));
  return folders.flatMap((folder) => endings.map((ending) => win32.join(folder, program + ending)));
}

function foldersOf(env: Windows['env']): readonly string[] {
  const [, path = ''] = Object.entries(env).find(([name]) => name.toUpperCase() === 'PATH') ?? [];
  return path.split(';').map((folder) => folder.replaceAll('"', '').trim());
}

function plain(file: string, args: readonly string[]): Start {
  return { file, args, isVerbatim: false };
}

/** No quoting keeps every character from the interpreter, so that only those pass which it leaves alone. */
function throughCmd(path: string, args: readonly string[], env: Windows['env']): Start | undefined {
  if (/["%^&|<>\r\n]/.test(path) || !args.every((arg) => /^[\w.:/=@+-]+$/.test(arg))) return undefined;
  const file = win32.join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'cmd.exe');
  return { file, args: ['/d', '/s', '/c', `""${path}" ${args.join(' ')}"`], isVerbatim: true };
}
