import { type Blocked, type Change, isPending } from '../core/change.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { translateSpec } from '../core/diff.ts';
import type { Directory } from '../core/directory.ts';
import type {
  ChangeDocument,
  DiagnosticDocument,
  ExplanationDocument,
  FieldDocument,
  OutcomeDocument,
  OutcomeState,
  PlainValue,
  PlanDocument,
  StatedDocument,
} from '../core/document.ts';
import type { FieldExplanation } from '../core/explain.ts';
import type { Stated } from '../core/rule.ts';
import { type Item, IdRef, NameRef, Ref, type Spec, type Value, isList } from '../core/value.ts';
import { Secret } from '../core/secret.ts';

export const PLAN_FORMAT_VERSION = '1.0';

export type DocumentParts = Omit<PlanDocument, 'format_version' | 'changes' | 'diagnostics'> & {
  readonly changes: readonly Change[];
  readonly diagnostics: readonly Diagnostic[];
  readonly directory: Directory;
};

/** The plan as a value that can be printed, saved and rendered elsewhere; no secret and no client is left in it. */
export function planDocument({ directory, changes, diagnostics, ...parts }: DocumentParts): PlanDocument {
  const shown = changes.filter((change) => change.verb !== 'noop' || change.notes.length > 0);
  return {
    format_version: PLAN_FORMAT_VERSION,
    ...parts,
    changes: shown.map((change) => changeDocument(change, directory)),
    diagnostics: diagnostics.map(diagnosticDocument),
  };
}

export function diagnosticDocument({ code, severity, message, at, hint }: Diagnostic): DiagnosticDocument {
  return {
    code,
    severity,
    message,
    file: at?.file ?? null,
    line: at?.line ?? null,
    column: at?.column ?? null,
    hint: hint ?? null,
  };
}

export type OutcomeParts = {
  readonly change: Change;
  readonly state: OutcomeState;
  readonly wrote: boolean;
  readonly message: string | null;
  readonly hint: string | null;
  readonly reason?: string;
  readonly outputs?: Readonly<Record<string, string>>;
};

export function outcomeDocument({ change, ...outcome }: OutcomeParts): OutcomeDocument {
  const verb = outcome.state === 'blocked' ? 'blocked' : change.verb;
  return { address: change.address, display: change.display, verb, ...outcome };
}

function changeDocument(change: Change, directory: Directory): ChangeDocument {
  const { address, key, display, verb, id, source, requires, op, notes } = change;
  return {
    address,
    key,
    display,
    verb,
    id,
    source: source === null ? null : { file: source.file, line: source.line },
    fields: isPending(change) ? change.fields.map((field) => fieldDocument(field, directory)) : [],
    requires,
    op,
    notes,
    blocked: change.verb === 'blocked' ? blockedDocument(change) : null,
    ...('effects' in change ? { effects: change.effects } : {}),
  };
}

function blockedDocument({ obstacle, owner }: Blocked): ChangeDocument['blocked'] {
  const { reason, message, hint } = obstacle;
  return { reason, message, hint: hint ?? null, ...(owner === undefined ? {} : { owner }) };
}

function fieldDocument(field: Change['fields'][number], directory: Directory): FieldDocument {
  const { path, before, after, verdict, isDrifted, reason, origin, applied } = field;
  return {
    path,
    before: plain(before, directory),
    ...(applied === undefined ? {} : { applied: plain(applied, directory) }),
    after: plain(after, directory),
    verdict,
    ...(origin === undefined ? {} : { origin }),
    reason,
    drifted: isDrifted,
  };
}

export type Explanation = {
  readonly address: string;
  readonly display: string;
  readonly fields: readonly FieldExplanation[];
};

/** Where everything in one object comes from, as it can be printed. */
export function explanationDocument(
  { address, display, fields }: Explanation,
  directory: Directory,
): ExplanationDocument {
  return {
    address,
    display,
    fields: fields.map(({ path, members, overridden }) => ({
      path,
      members: members.map(({ value, fate, by }) => ({
        value: plainItem(value, directory),
        fate,
        by: by.map(statedDocument),
      })),
      overridden: overridden.map(({ loser, winner }) => ({
        loser: statedDocument(loser),
        winner: statedDocument(winner),
      })),
    })),
  };
}

function statedDocument({ by, at }: Stated): StatedDocument {
  return { by, file: at.file, line: at.line };
}

/** Live fields in the configuration's language. */
export function plainSpec(spec: Spec, directory: Directory): Readonly<Record<string, PlainValue>> {
  const fields = Object.entries(translateSpec(spec, directory));
  return Object.fromEntries(fields.map(([path, value]) => [path, plain(value, directory)]));
}

function plain(value: Value, directory: Directory): PlainValue {
  return isList(value)
    ? value.map((item) => plainItem(item, directory)).sort(byText)
    : plainItem(value, directory);
}

function plainItem(item: Item, directory: Directory): null | boolean | number | string {
  if (item instanceof Secret) return item.label;
  if (item instanceof Ref) return item.toString();
  if (item instanceof IdRef) return nameOf(item, directory);
  if (item instanceof NameRef) return item.name;
  // The record spells a reference as `${kind/key}`.
  return typeof item === 'string' ? item.replace(/^\$\{[^/}]+\/([^}]+)\}$/, '$1') : item;
}

/** Objects that the file does not declare go by their name, with the id as names repeat. */
function nameOf({ kind, id }: IdRef, directory: Directory): string {
  const name = directory.nameOf(kind, id);
  return name === undefined ? id : `${name} (${id})`;
}

function byText(a: PlainValue, b: PlainValue): number {
  return String(a) < String(b) ? -1 : 1;
}
