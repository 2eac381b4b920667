import type { EntryPath } from '../core/entry.ts';
import { didYouMean } from '../core/suggest.ts';
import type { JsonSchema } from '../kinds/kind.ts';
import type { RawError } from './raw-error.ts';
import { asSchema } from './schema-walk.ts';
import { formatPath } from './tree.ts';

type Mistake = { readonly path: EntryPath; readonly value: unknown; readonly schema: JsonSchema };
export type Words = { readonly code: string; readonly message: string; readonly hint: string };

/** Says what is wrong and what is allowed. Texts of the file are quoted only where they are keys or short choices. */
export function wordMistake({ keyword, params }: RawError, mistake: Mistake): Words {
  const word = Object.hasOwn(WORDS, keyword) ? WORDS[keyword] : undefined;
  return word === undefined ? wordOther(mistake) : word(mistake, params);
}

type Params = RawError['params'];

const WORDS: Readonly<Record<string, (mistake: Mistake, params: Params) => Words>> = {
  additionalProperties: wordUnknownKey,
  required: wordMissingKey,
  propertyNames: wordBadKey,
  type: wordType,
  const: wordConst,
  enum: wordEnum,
  anyOf: wordChoice,
  oneOf: wordChoice,
  minLength: (mistake) => value(mistake, 'may not be empty', example(mistake.schema)),
  maxLength: (mistake, { limit }) =>
    value(mistake, `is longer than ${String(limit)} characters`, 'shorten it'),
  pattern: (mistake) => value(mistake, 'has a form that is not allowed', advice(mistake.schema)),
  format: (mistake) => value(mistake, 'has a form that is not allowed', advice(mistake.schema)),
  minimum: (mistake, { limit }) =>
    value(mistake, `must be at least ${String(limit)}`, example(mistake.schema)),
  maximum: (mistake, { limit }) => value(mistake, `may be at most ${String(limit)}`, example(mistake.schema)),
  minItems: (mistake, { limit }) =>
    value(mistake, `needs at least ${count(limit, 'item')}`, example(mistake.schema)),
  maxItems: (mistake, { limit }) =>
    value(mistake, `may have at most ${count(limit, 'item')}`, example(mistake.schema)),
  uniqueItems: (mistake) => value(mistake, 'holds the same item twice', 'keep one of them'),
  minProperties: (mistake) => value(mistake, 'may not be empty', allowedOrExample(mistake.schema)),
  maxProperties: (mistake, { limit }) =>
    value(
      mistake,
      `may have at most ${count(limit, 'key')}`,
      `allowed: ${keysOf(mistake.schema).join(', ')}`,
    ),
};

function wordUnknownKey({ path, schema }: Mistake, { additionalProperty }: Params): Words {
  const key = String(additionalProperty);
  const message = `unknown key "${shorten(key)}"${path.length === 0 ? '' : ` in ${formatPath(path)}`}`;
  return { code: 'unknown-key', message, hint: didYouMean(key, keysOf(schema)) };
}

function wordMissingKey({ path, schema }: Mistake, { missingProperty }: Params): Words {
  const key = String(missingProperty);
  const wanted = asSchema(asSchema(schema['properties'])?.[key]) ?? {};
  const first: unknown = Array.isArray(wanted['examples']) ? wanted['examples'][0] : undefined;
  const hint = first === undefined ? advice(wanted) : `write \`${key}: ${JSON.stringify(first)}\``;
  return { code: 'missing-key', message: `${placeOf(path)} needs the key "${key}"`, hint };
}

function wordBadKey({ path, schema }: Mistake, { propertyName }: Params): Words {
  const message = `"${shorten(String(propertyName))}" cannot be a key in ${placeOf(path)}`;
  return { code: 'bad-key', message, hint: advice(asSchema(schema['propertyNames']) ?? {}) };
}

function wordType(mistake: Mistake, { type }: Params): Words {
  const types = typesOf(type);
  const wanted = types
    .filter((name) => name !== 'null' || types.length === 1)
    .map((name) => NAMES[name] ?? name);
  const hint =
    types.includes('boolean') && isBooleanWord(mistake.value)
      ? 'write true or false; to YAML this word is text'
      : example(mistake.schema);
  return {
    ...value(mistake, `must be ${wanted.join(' or ')}, but is ${nameOf(mistake.value)}`, hint),
    code: 'wrong-type',
  };
}

function wordConst(mistake: Mistake, { allowedValue }: Params): Words {
  return value(mistake, `must be ${JSON.stringify(allowedValue)}`, example(mistake.schema));
}

function wordEnum(mistake: Mistake, { allowedValues }: Params): Words {
  const allowed = Array.isArray(allowedValues) ? allowedValues.map(String) : [];
  const listed = `allowed: ${allowed.join(', ')}`;
  if (typeof mistake.value !== 'string')
    return value(mistake, `must be one of ${allowed.join(', ')}`, listed);
  const suggestion = didYouMean(mistake.value, allowed);
  const hint =
    suggestion.startsWith('allowed') || allowed.length > 12 ? suggestion : `${suggestion} ${listed}`;
  return value(mistake, `may not be "${shorten(mistake.value)}"`, hint);
}

function wordChoice(mistake: Mistake): Words {
  const branches = mistake.schema['anyOf'] ?? mistake.schema['oneOf'];
  const wanted = Array.isArray(branches) ? branches.map((branch) => describe(asSchema(branch) ?? {})) : [];
  return value(
    mistake,
    `must be ${wanted.join(', or ')}, but is ${nameOf(mistake.value)}`,
    example(mistake.schema),
  );
}

function wordOther(mistake: Mistake): Words {
  return value(mistake, 'is not right', example(mistake.schema));
}

function value({ path }: Mistake, text: string, hint: string): Words {
  return {
    code: 'wrong-value',
    message: `${placeOf(path)} ${text}`,
    hint,
  };
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'empty',
};

function describe(schema: JsonSchema): string {
  const { enum: allowed, required } = schema;
  if (Array.isArray(allowed)) return allowed.map(String).join(' or ');
  const names = typesOf(schema['type'])
    .map((type) => NAMES[type] ?? type)
    .join(' or ');
  return Array.isArray(required) && required.length > 0 ? `${names} with "${required.join('", "')}"` : names;
}

function nameOf(written: unknown): string {
  if (written === null || written === undefined) return 'empty';
  if (Array.isArray(written)) return 'a list';
  if (typeof written === 'number') return Number.isInteger(written) ? 'a whole number' : 'a number';
  if (typeof written === 'object')
    return Object.keys(written).length === 0
      ? 'an empty mapping'
      : `a mapping with "${shorten(Object.keys(written).join('", "'))}"`;
  return typeof written === 'boolean' ? 'true or false' : 'text';
}

function example(schema: JsonSchema): string {
  const { examples } = schema;
  return Array.isArray(examples) && examples.length > 0
    ? `for example ${JSON.stringify(examples[0])}`
    : advice(schema);
}

function advice({ description }: JsonSchema): string {
  return typeof description === 'string'
    ? description.replace(/\.$/, '')
    : 'see the documentation of this key';
}

function placeOf(path: EntryPath): string {
  return path.length === 0 ? 'the file' : formatPath(path);
}

function isBooleanWord(written: unknown): boolean {
  return typeof written === 'string' && /^(yes|no|on|off|y|n|true|false)$/i.test(written);
}

function keysOf(schema: JsonSchema): readonly string[] {
  return Object.keys(asSchema(schema['properties']) ?? {});
}

/** What may stand in a mapping: its keys, or an example where it takes any. */
function allowedOrExample(schema: JsonSchema): string {
  const keys = keysOf(schema);
  return keys.length === 0 ? example(schema) : `allowed: ${keys.join(', ')}`;
}

function typesOf(type: unknown): readonly string[] {
  return Array.isArray(type) ? type.map(String) : typeof type === 'string' ? [type] : [];
}

function count(limit: unknown, noun: string): string {
  return `${String(limit)} ${noun}${limit === 1 ? '' : 's'}`;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
