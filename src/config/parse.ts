import { Composer, Lexer, LineCounter, Parser, type CST, type Document } from 'yaml';
import type { Diagnostic, Position } from '../core/diagnostic.ts';
import { LIMITS } from './limits.ts';
import { readDocument } from './read-document.ts';
import { isBlank, isMapping, type Mapping } from './tree.ts';
import { wordSyntaxError } from './syntax-words.ts';

export type Parsed = { readonly tree: Mapping | undefined; readonly diagnostics: readonly Diagnostic[] };

/**
 * One YAML document as a tree of values with their places: YAML 1.2 core plus merge keys. An integer that a double
 * cannot hold becomes its digits as text. Of several syntax errors only the first is told, the rest follow from it.
 */
export function parse(file: string, text: string): Parsed {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const lines = new LineCounter();
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const tokens = tokenize(source, lines);
  if (typeof tokens === 'number') return failed(tooDeep(place(tokens)));
  const document = compose(tokens, source);
  if (typeof document === 'number') return failed(severalDocuments(place(document)));
  const fault = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])[0];
  if (fault !== undefined)
    return failed(wordSyntaxError(fault.code, place(fault.pos[0]), source.slice(fault.pos[0])));
  const { tree, diagnostics } = readDocument(document, source, place);
  if (isMapping(tree)) return { tree, diagnostics };
  return {
    tree: undefined,
    diagnostics: diagnostics.length > 0 ? diagnostics : [notAMapping(file, isBlank(tree), tree.at)],
  };
}

/** The tokens, or the offset at which they are nested too deeply: the composer is recursive, the parser is not. */
function tokenize(source: string, lines: LineCounter): CST.Token[] | number {
  const parser = new Parser((offset) => lines.addNewLine(offset));
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(source)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    // The document stands on the stack too.
    if (parser.stack.length > LIMITS.depth + 1) return Math.max(0, parser.offset - lexeme.length);
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** The only document, or the offset at which a second one begins. */
function compose(tokens: CST.Token[], source: string): Document.Parsed | number {
  const composer = new Composer({
    intAsBigInt: true,
    logLevel: 'silent',
    prettyErrors: false,
    // A `%YAML 1.1` directive must not turn `on` and `no` into booleans.
    resolveKnownTags: false,
    schema: 'core',
    stringKeys: true,
    // Checked in read-document.ts: here it takes quadratic time, and names one place only.
    uniqueKeys: false,
  });
  const [first, second] = take(composer.compose(tokens, true, source.length), 2);
  return second === undefined && first !== undefined ? first : (second?.range[0] ?? 0);
}

function take<T>(items: Iterable<T>, count: number): readonly T[] {
  const taken: T[] = [];
  for (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

function failed(diagnostic: Diagnostic): Parsed {
  return { tree: undefined, diagnostics: [diagnostic] };
}

function tooDeep(at: Position): Diagnostic {
  const message = `more than ${LIMITS.depth} levels of nesting`;
  return {
    code: 'too-deep',
    severity: 'error',
    message,
    at,
    hint: 'a configuration never needs more than ten',
  };
}

function severalDocuments(at: Position): Diagnostic {
  const message = 'a second YAML document begins here';
  return {
    code: 'yaml-syntax',
    severity: 'error',
    message,
    at,
    hint: 'remove the "---", or make it a file of its own and `include` it',
  };
}

function notAMapping(file: string, isEmpty: boolean, at: Position): Diagnostic {
  if (!isEmpty) {
    const hint = 'begin with `version: 1`';
    return {
      code: 'wrong-type',
      severity: 'error',
      message: 'the file must be a mapping of keys to values',
      at,
      hint,
    };
  }
  const first = { file, line: 1, column: 1 };
  return {
    code: 'empty-file',
    severity: 'error',
    message: `${file} is empty`,
    at: first,
    hint: 'begin with `version: 1`',
  };
}
