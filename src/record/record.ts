import { randomUUID } from 'node:crypto';
import { InternalError, RecordError } from '../core/errors.ts';
import type { RecordDocument } from '../core/record.ts';
import { isObject, violation } from './check.ts';
import { FORMAT_VERSION, RECORD_SCHEMA } from './schema.ts';

/** What a record must be about. */
export type RecordScope = {
  readonly config: string;
  readonly target: string | null;
  readonly workspaceId: string;
};

/** Who saves, with what, when (milliseconds since 1970). */
export type RecordStamp = {
  readonly tool: RecordDocument['tool'];
  readonly identity: string;
  readonly at: number;
};

/** A record that remembers nothing yet: serial 0 and, unless one is given, a lineage of its own. */
export function emptyRecord(
  scope: RecordScope,
  stamp: RecordStamp,
  lineage: string = randomUUID(),
): RecordDocument {
  return {
    format_version: FORMAT_VERSION,
    tool: stamp.tool,
    lineage,
    serial: 0,
    config: scope.config,
    target: scope.target,
    workspace_id: scope.workspaceId,
    updated_at: new Date(stamp.at).toISOString(),
    identity: stamp.identity,
    objects: {},
    intents: {},
    approval: null,
    guards: {},
    jobs_seen: null,
    history: [],
  };
}

/** The same record, ready for its next save: serial one higher, stamped with who saves and when. */
export function stampRecord(document: RecordDocument, stamp: RecordStamp): RecordDocument {
  return {
    ...document,
    format_version: FORMAT_VERSION,
    tool: stamp.tool,
    serial: document.serial + 1,
    updated_at: new Date(stamp.at).toISOString(),
    identity: stamp.identity,
  };
}

/** @throws RecordError when the text is damaged, of a newer format, or about something else than `scope`. */
export function parseRecord(text: string, place: string, scope: RecordScope): RecordDocument {
  const value = parseJson(text, place);
  refuseNewer(value, place);
  if (!isRecord(value)) throw damaged(place, violation(RECORD_SCHEMA, value) ?? 'it is not a record');
  refuseForeign(value, place, scope);
  return value;
}

/**
 * Equal records give equal texts: keys are sorted, the version comes first, and each object and each apply has a line of its
 * own. A long apply saves thousands of objects again and again, of which few have changed.
 * @throws InternalError when it could not be read again.
 */
export function serialiseRecord(document: RecordDocument): string {
  const found = violation(RECORD_SCHEMA, { ...document, ...unchecked(document) });
  if (found !== null) throw new InternalError(`a record was made that could not be read again: ${found}`);
  const members = Object.entries(withSortedKeys('', document) as object).flatMap(([key, value]) =>
    value === undefined ? [] : [`  ${JSON.stringify(key)}: ${printMember(key, value)}`],
  );
  return `{\n${members.join(',\n')}\n}\n`;
}

function printMember(key: string, value: unknown): string {
  if (key === 'history') return inLines('[', (value as readonly object[]).map(lineOf), ']');
  if (key !== 'objects')
    return typeof value === 'object' && value !== null ? lineOf(value) : JSON.stringify(value);
  const objects = Object.entries(withSortedKeys('', value) as Readonly<Record<string, object>>);
  return inLines(
    '{',
    objects.map(([address, object]) => `${JSON.stringify(address)}: ${lineOf(object)}`),
    '}',
  );
}

function inLines(open: string, lines: readonly string[], close: string): string {
  return lines.length === 0 ? open + close : `${open}\n    ${lines.join(',\n    ')}\n  ${close}`;
}

/** What was printed is right and stays as it is: values of a record are never changed in place. */
const PRINTED = new WeakMap<object, string>();

function lineOf(value: object): string {
  const known = PRINTED.get(value);
  if (known !== undefined) return known;
  const line = JSON.stringify(value, withSortedKeys);
  PRINTED.set(value, line);
  return line;
}

/** Those of the many parts that no earlier save has looked at. */
function unchecked({ objects, history }: RecordDocument): Pick<RecordDocument, 'objects' | 'history'> {
  return {
    objects: Object.fromEntries(Object.entries(objects).filter(([, object]) => !PRINTED.has(object))),
    history: history.filter((entry) => !PRINTED.has(entry)),
  };
}

/** @throws RecordError when the record belongs to another configuration, target or workspace. */
export function refuseForeign(document: RecordDocument, place: string, scope: RecordScope): void {
  const pairs = [
    ['configuration', quoted(document.config), quoted(scope.config)],
    ['target', quoted(document.target), quoted(scope.target)],
    ['workspace', document.workspace_id, scope.workspaceId],
  ] as const;
  for (const [what, recorded, expected] of pairs) {
    if (recorded === expected) continue;
    throw new RecordError(
      `the record (${place}) belongs to the ${what} ${recorded}, and this run is for ${expected}`,
      {
        code: 'record-foreign',
        hint: 'give every configuration, target and workspace a record of its own (settings.record)',
      },
    );
  }
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = text.trim() === '' ? 'it is empty' : 'it is not JSON, or was cut short';
    throw damaged(place, why, cause);
  }
}

function refuseNewer(value: unknown, place: string): void {
  const version = isObject(value) ? value['format_version'] : undefined;
  if (typeof version !== 'string' || !isNewer(version)) return;
  throw new RecordError(
    `the record (${place}) has format ${version}, and this lakebell reads up to ${FORMAT_VERSION}`,
    { code: 'record-newer', hint: 'use the version of lakebell that wrote it, or a later one' },
  );
}

function isNewer(version: string): boolean {
  if (!/^\d+\.\d+$/.test(version)) return false;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [ourMajor = 0, ourMinor = 0] = FORMAT_VERSION.split('.').map(Number);
  return major > ourMajor || (major === ourMajor && minor > ourMinor);
}

function isRecord(value: unknown): value is RecordDocument {
  return violation(RECORD_SCHEMA, value) === null;
}

function damaged(place: string, why: string, cause?: unknown): RecordError {
  return new RecordError(`the record (${place}) is damaged: ${why}`, {
    code: 'record-damaged',
    cause,
    hint: 'restore an earlier copy of it, or delete it: objects are then found again by kind and name, and none counts as ours',
  });
}

function quoted(name: string | null): string {
  return name === null ? '(none)' : `"${name}"`;
}

function withSortedKeys(_key: string, value: unknown): unknown {
  return isObject(value) ? Object.fromEntries(Object.entries(value).sort(byKey)) : value;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return rank(a) - rank(b) || (a < b ? -1 : Number(a > b));
}

/** The version stands first, so that a person who opens the file sees it. */
function rank(key: string): number {
  return key === 'format_version' ? 0 : 1;
}
