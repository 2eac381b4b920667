import type { HistoryDocument, PlainValue, ShownApply, ShownHistoryChange } from '../core/document.ts';
import { EXIT, type ExitCode, SettingsError } from '../core/errors.ts';
import type { HistoryChange, HistoryEntry, RecordDocument } from '../core/record.ts';
import type { Host } from '../host/host.ts';
import { renderHistoryJson, renderHistoryText } from '../report/history.ts';
import { PLAN_FORMAT_VERSION } from '../report/plan-document.ts';
import { load } from './load.ts';
import type { HistoryOptions } from './options.ts';
import { pageOf } from './print.ts';
import { type Session, loadRecord, openSession, workspaceOf } from './session.ts';
import { TOOL } from './tool.ts';

/** The recorded applies, newest first; nothing but the record is read. */
export async function runHistory(host: Host, options: HistoryOptions): Promise<ExitCode> {
  const loaded = await load(host, options, options.target);
  const session = await openSession(host, options, { loaded, access: 'read' });
  const { document: record } = await loadRecord(session);
  session.status('');
  const document = documentOf(session, record, options.serial);
  if (options.serial !== undefined && document.applies.length === 0) {
    throw new SettingsError(`no apply on record has the serial ${options.serial}`, {
      hint: 'without a serial, `lakebell history` lists those that are remembered',
    });
  }
  const page = pageOf(host, { ...options, verbose: options.verbose || options.serial !== undefined });
  host.out(options.format === 'json' ? renderHistoryJson(document) : renderHistoryText(document, page));
  return EXIT.done;
}

function documentOf(
  session: Session,
  record: RecordDocument | null,
  serial: number | undefined,
): HistoryDocument {
  const entries = (record?.history ?? []).filter((entry) => serial === undefined || entry.serial === serial);
  const keys = keysById(record);
  return {
    format_version: PLAN_FORMAT_VERSION,
    tool: TOOL,
    workspace: workspaceOf(session),
    applies: entries.map((entry) => applyOf(entry, keys)).toReversed(),
  };
}

/** Ids of what is on record are shown by the key that the file gives them. */
function keysById(record: RecordDocument | null): ReadonlyMap<string, string> {
  return new Map(Object.values(record?.objects ?? {}).map(({ id, key }) => [id, key]));
}

function applyOf(
  { serial, at, identity, changes, open, rolls_back }: HistoryEntry,
  keys: ReadonlyMap<string, string>,
): ShownApply {
  const verbs = [...new Set(changes.map(({ verb }) => verb))].sort();
  return {
    serial,
    at,
    identity,
    finished: open !== true,
    rolls_back: rolls_back ?? null,
    summary: Object.fromEntries(
      verbs.map((verb) => [verb, changes.filter((change) => change.verb === verb).length]),
    ),
    changes: changes.map((change) => changeOf(change, keys)),
  };
}

function changeOf(change: HistoryChange, keys: ReadonlyMap<string, string>): ShownHistoryChange {
  const { address, verb, before, after } = change;
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return {
    address,
    verb,
    fields: paths.map((path) => ({
      path,
      before: plain(before[path], keys),
      after: plain(after[path], keys),
    })),
    not_undoable: whyNot(change),
  };
}

function whyNot({ verb, undo }: HistoryChange): string | null {
  if (verb === 'rotate') return 'a rotation cannot be undone: the former value is not stored anywhere';
  if (undo === undefined) return 'an older version recorded it: it cannot be rolled back';
  return undo === null ? 'it was too large to be kept whole: it cannot be rolled back' : null;
}

function plain(value: unknown, keys: ReadonlyMap<string, string>): PlainValue {
  return Array.isArray(value) ? value.map((item) => plainItem(item, keys)) : plainItem(value, keys);
}

function plainItem(item: unknown, keys: ReadonlyMap<string, string>): null | boolean | number | string {
  if (typeof item === 'number' || typeof item === 'boolean') return item;
  if (typeof item !== 'string') return null;
  // The record spells a reference as `${kind/key}`.
  return keys.get(item) ?? item.replace(/^\$\{[^/}]+\/([^}]+)\}$/, '$1');
}
