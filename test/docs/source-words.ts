import { filesIn, type SourceFile } from '../architecture/source.ts';

/** Hand-written sources; the sandbox speaks for Databricks, not for us, but for the codes of its own settings errors. */
const SOURCES = filesIn('src/**/*.ts');

const WORD = '[a-z]+(?:-[a-z]+)*';

/** Every code that a diagnostic or an error of ours may carry. */
export function codesInSource(): ReadonlySet<string> {
  const makers = SOURCES.flatMap(({ text }) => makersIn(text));
  const calls = new RegExp(`\\b(?:${[...new Set(makers)].join('|')})\\(\\s*'(${WORD})'`, 'g');
  const found = SOURCES.flatMap(({ text }) => [
    ...captures(text, new RegExp(`\\bcode: '(${WORD})'`, 'g')),
    ...captures(text, calls),
  ]);
  return new Set([...found, ...errorClassCodes()]);
}

/** Reasons for which an object is blocked; other reasons are sentences. */
export function blockedReasonsInSource(): ReadonlySet<string> {
  const deciding = SOURCES.filter(({ path }) => /^src\/(core|kinds|engine|app)\//.test(path));
  return new Set(deciding.flatMap(({ text }) => captures(text, new RegExp(`\\breason: '(${WORD})'`, 'g'))));
}

/** Functions that take a code first, for example `function error(code: string, …`. */
function makersIn(text: string): readonly string[] {
  return captures(text, /(?:function (\w+)|const (\w+) =)\s*\(\s*code: string/g);
}

/** The code that a class of core/errors carries where none is given. */
function errorClassCodes(): readonly string[] {
  const text = source('src/core/errors.ts').text;
  return captures(text, new RegExp(`(?:super\\([^;]*?, '(${WORD})'|\\bcode = '(${WORD})')`, 'g'));
}

function source(path: string): SourceFile {
  const found = SOURCES.find((file) => file.path === path);
  if (found === undefined) throw new Error(`there is no ${path}`);
  return found;
}

function captures(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].flatMap((match) =>
    match.slice(1).filter((group) => group !== undefined),
  );
}
