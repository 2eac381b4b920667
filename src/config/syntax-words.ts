import type { ErrorCode } from 'yaml';
import type { Diagnostic, Position } from '../core/diagnostic.ts';

/**
 * A YAML syntax error in our own words. The parser's own messages quote the file, which may hold a secret.
 * @param rest the file's text from the error on.
 */
export function wordSyntaxError(code: ErrorCode, at: Position, rest: string): Diagnostic {
  const [message, hint] =
    rest.startsWith('${') || rest.startsWith('{') ? (REFERENCE[code] ?? WORDS[code]) : WORDS[code];
  return { code: 'yaml-syntax', severity: 'error', message, at, hint };
}

type Words = readonly [message: string, hint: string];

const QUOTE = 'put the text in quotes';
const INDENT = 'check the indentation and the brackets above';
const UNQUOTED: Words = [
  'braces stand here without quotes',
  'inside [ ] and { } a reference needs quotes: "${var.name}"',
];

const REFERENCE: Partial<Record<ErrorCode, Words>> = {
  BLOCK_IN_FLOW: UNQUOTED,
  MISSING_CHAR: UNQUOTED,
  UNEXPECTED_TOKEN: UNQUOTED,
};

const WORDS: Record<ErrorCode, Words> = {
  ALIAS_PROPS: ['an alias may not have an anchor or a tag', 'remove what stands before the "*"'],
  BAD_ALIAS: ['this is not a usable anchor or alias', 'text that begins with "*" or "&" must be in quotes'],
  BAD_COLLECTION_TYPE: ['the tag does not fit what follows it', 'remove the tag'],
  BAD_DIRECTIVE: ['this line begins with "%" and is not a directive that is known', QUOTE],
  BAD_DQ_ESCAPE: [
    'the text in double quotes holds an unknown "\\" sequence',
    'use single quotes, or write "\\\\"',
  ],
  BAD_INDENT: [
    'the indentation does not fit the lines above',
    'keys of one mapping begin in the same column; or a bracket above is not closed',
  ],
  BAD_PROP_ORDER: [
    'anchor and tag stand in the wrong place',
    'put them after the indicator and before the value',
  ],
  BAD_SCALAR_START: ['text may not begin with this character', QUOTE],
  BLOCK_AS_IMPLICIT_KEY: [
    'a mapping or list may not begin on this line',
    'text that holds ": " must be in quotes',
  ],
  BLOCK_IN_FLOW: ['an indented list or mapping stands inside brackets', 'write it with brackets too'],
  DUPLICATE_KEY: ['a key stands twice in one mapping', 'keep one of them'],
  IMPOSSIBLE: ['this is not valid YAML', INDENT],
  KEY_OVER_1024_CHARS: ['a key has more than 1024 characters', 'shorten it'],
  MISSING_CHAR: ['a quote, bracket, comma or colon is missing', INDENT],
  MULTILINE_IMPLICIT_KEY: ['a key goes over several lines', 'a ":" is missing, or a quote is not closed'],
  MULTIPLE_ANCHORS: ['a value has two anchors', 'keep one of them'],
  MULTIPLE_DOCS: ['a second YAML document begins here', 'make it a file of its own and `include` it'],
  MULTIPLE_TAGS: ['a value has two tags', 'remove the tags'],
  NON_STRING_KEY: ['a key must be text', 'references in braces need quotes: "${var.name}"'],
  RESOURCE_EXHAUSTION: ['the file is nested too deeply', 'a configuration never needs more than ten levels'],
  TAB_AS_INDENT: ['a tab is used for indentation', 'YAML allows spaces only'],
  TAG_RESOLVE_FAILED: [
    'this tag, number or directive is not one of YAML 1.2 core',
    'remove the tag, or put the text in quotes',
  ],
  UNEXPECTED_TOKEN: ['this does not belong here', INDENT],
};
