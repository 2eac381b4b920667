import { isEmailAddress } from '../../core/email.ts';
import {
  entryText,
  isEntry,
  type Entry,
  type EntryPath,
  type EntryValue,
  type Finding,
  asEntryList,
} from '../../core/entry.ts';
import type { Wish } from '../../core/resource.ts';
import { Ref } from '../../core/value.ts';
import type { DeclaredNames } from '../kind.ts';
import { ALERT_KINDS, pathOf } from './shape.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export type Statement = {
  readonly wishes: Readonly<Record<string, Wish>>;
  readonly origins: Readonly<Record<string, EntryPath>>;
  readonly findings: readonly Finding[];
};

/** What an entry wants of its pipeline, by field path. */
export function readStatement(entry: Entry, mode: Wish['mode'], names: DeclaredNames): Statement {
  const draft = new Draft(mode, names);
  readBlocks(draft, entry['notifications']);
  readNotify(draft, entry['notify']);
  if (entry['strict'] === true) emptyTheRest(draft);
  return { wishes: draft.wishes, origins: draft.origins, findings: draft.findings };
}

/** Collects wishes while they are read. */
class Draft {
  readonly wishes: Record<string, Wish> = {};
  readonly origins: Record<string, EntryPath> = {};
  readonly findings: Finding[] = [];
  readonly mode: Wish['mode'];
  readonly names: DeclaredNames;

  constructor(mode: Wish['mode'], names: DeclaredNames) {
    this.mode = mode;
    this.names = names;
  }

  wish(alert: string, emails: readonly string[], origin: EntryPath): void {
    this.wishes[pathOf(alert)] = { mode: this.mode, value: emails };
    this.origins[pathOf(alert)] = origin;
  }

  originOf(alert: string): EntryPath | undefined {
    return this.origins[pathOf(alert)];
  }

  report(finding: Omit<Finding, 'severity'>): void {
    this.findings.push({ severity: 'error', ...finding });
  }
}

/** The API's own form: a kind of alert that several blocks name is told to all of their addresses. */
function readBlocks(draft: Draft, blocks: EntryValue | undefined): void {
  const union = new Map<string, { readonly emails: string[]; readonly origin: EntryPath }>();
  for (const [index, block] of asEntryList(blocks).entries()) {
    if (!isEntry(block)) continue;
    const origin = ['notifications', index, 'email_recipients'];
    const emails = readEmails(draft, block['email_recipients'], origin);
    for (const alert of asEntryList(block['alerts']).map(entryText).filter(isKnown)) {
      const stated = union.get(alert);
      if (stated === undefined) union.set(alert, { emails: [...emails], origin });
      else stated.emails.push(...emails);
    }
  }
  for (const [alert, { emails, origin }] of union) draft.wish(alert, emails, origin);
  if (!Array.isArray(blocks) || blocks.length > 0) return;
  for (const alert of ALERT_KINDS) draft.wish(alert, [], ['notifications']);
}

function readNotify(draft: Draft, notify: EntryValue | undefined): void {
  for (const [alert, list] of Object.entries(isEntry(notify) ? notify : {}).filter(([key]) => isKnown(key))) {
    const origin = ['notify', alert];
    const emails = readEmails(draft, list, origin);
    const first = draft.originOf(alert);
    if (first === undefined) {
      draft.wish(alert, emails, origin);
      continue;
    }
    const message = `${alert} is stated twice: here and under ${first[0]}`;
    draft.report({ code: 'stated-twice', path: origin, message, hint: 'keep one of the two' });
  }
}

function emptyTheRest(draft: Draft): void {
  if (draft.mode !== 'exact') {
    const message = '`strict` empties kinds of alert and `mode: ensure` never does';
    const hint = 'drop `strict`, or say `mode: exact`';
    draft.report({ code: 'strict-ensure', path: ['strict'], message, hint });
    return;
  }
  for (const alert of ALERT_KINDS) if (draft.originOf(alert) === undefined) draft.wish(alert, [], ['strict']);
}

function readEmails(draft: Draft, list: EntryValue | undefined, origin: EntryPath): readonly string[] {
  return asEntryList(list).flatMap((item, index) => readEmail(draft, item, [...origin, index]));
}

function readEmail(draft: Draft, item: EntryValue, at: EntryPath): readonly string[] {
  if (typeof item === 'string' && isEmailAddress(item)) return [item];
  // A reference that could not be put in has an error of its own.
  if (typeof item === 'string' && item.includes('${')) return [];
  const text = item instanceof Ref ? String(item) : entryText(item);
  const isDestination =
    item instanceof Ref || draft.names.keysOf('destinations').includes(text) || UUID.test(text);
  if (isDestination) {
    const message = `"${text}" is a destination, and a pipeline notifies by e-mail only`;
    draft.report({ code: 'pipeline-destination', path: at, message, hint: TWO_WAYS_ROUND });
  } else {
    const hint = 'for example team@example.com; a pipeline notifies by e-mail only';
    const message = `"${text}" is not an e-mail address`;
    draft.report({ code: 'bad-email', path: at, message, hint });
  }
  return [];
}

const TWO_WAYS_ROUND =
  "run the pipeline as a task of a job, and name the destination under that job; or send the message from an event hook in the pipeline's code";

function isKnown(alert: string): boolean {
  return ALERT_KINDS.includes(alert);
}
