import { hash } from 'node:crypto';
import type { FieldChange } from './change.ts';
import { Secret } from './secret.ts';
import { type Address, type Item, type Value, isEmpty, isList, keyOf, itemsOf } from './value.ts';

export type Operation = {
  readonly workspaceId: string;
  readonly address: Address;
  /** Of the object, where it exists. */
  readonly id: string | null;
  readonly verb: string;
  readonly fields: readonly FieldChange[];
  /** Facts that decide what is done besides fields, for example the types of a replace. */
  readonly traits?: Readonly<Record<string, string>>;
};

/**
 * `sha256:…` over what an operation does and nothing volatile: recipients added and removed, before and after of a scalar,
 * the label of a secret. A rotation is not part of it.
 */
export function digestOperation(operation: Operation): string {
  const { workspaceId, address, id, verb, fields, traits = {} } = operation;
  const delta = fields.filter(({ isRotated }) => !isRotated).map(deltaOf);
  return sha256({ workspaceId, address, id, verb, traits, delta });
}

/** The digest of a whole plan: of its operations in sorted order, the workspace and the configuration's name. */
export function digestPlan(ops: readonly string[], workspaceId: string, config: string): string {
  return sha256({ ops: [...ops].sort(), workspaceId, config });
}

export function sha256(value: unknown): string {
  return `sha256:${hash('sha256', sortedJson(value))}`;
}

/** JSON with keys in sorted order (RFC 8785), so that equal values have equal texts. */
export function sortedJson(value: unknown): string {
  return printSorted(value) ?? 'null';
}

/** Written out by hand: an object puts keys like `10` first, whatever order they are set in. Undefined where JSON has no such value. */
function printSorted(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => printSorted(item) ?? 'null').join(',')}]`;
  if (isSelfPrinting(value)) return printSorted(value.toJSON());
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of Object.keys(members).sort()) {
    const member = printSorted(members[key]);
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${member}`;
  }
  return `{${text}}`;
}

function isSelfPrinting(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** What was added to and removed from a list, or a scalar before and after. */
export function deltaOf(field: FieldChange): object {
  const { path, before, after } = field;
  if (after instanceof Secret) return { path, secret: after.label };
  if (!isList(before) && !isList(after)) return { path, before: scalarKey(before), after: scalarKey(after) };
  const [was, is] = [keysOf(before), keysOf(after)];
  return {
    path,
    added: is.filter((key) => !was.includes(key)),
    removed: was.filter((key) => !is.includes(key)),
  };
}

function scalarKey(value: Value): string | null {
  return isEmpty(value) ? null : keyOf(value as Item);
}

function keysOf(value: Value): readonly string[] {
  if (isEmpty(value)) return [];
  const items = itemsOf(value);
  return [...new Set(items.map(keyOf))].sort();
}
