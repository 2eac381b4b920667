import { isEmailAddress } from '../../core/email.ts';
import {
  entryText,
  isEntry,
  type Entry,
  type EntryPath,
  type EntryValue,
  type Finding,
  asEntryList,
  asEntry,
} from '../../core/entry.ts';
import type { Wish } from '../../core/resource.ts';
import { didYouMean, suggest } from '../../core/suggest.ts';
import { IdRef, Ref, type Item, type Value } from '../../core/value.ts';
import type { DeclaredNames } from '../kind.ts';
import { JOB_LEVEL, nestedLevel, taskLevel, type Level } from './level.ts';
import { EVENT_NAMES, HEALTH_METRICS, JOB_FLAGS, MAX_DESTINATIONS_PER_EVENT } from './shape.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export type Statement = {
  readonly wishes: Readonly<Record<string, Wish>>;
  readonly origins: Readonly<Record<string, EntryPath>>;
  readonly findings: readonly Finding[];
  readonly consents: readonly string[];
};

/** What an entry wants of its job and of the job's tasks, by field path. */
export function readStatement(entry: Entry, mode: Wish['mode'], names: DeclaredNames): Statement {
  const drafts = [readLevel(new Draft(mode, names, JOB_LEVEL), entry)];
  for (const [key, task] of Object.entries(asEntry(entry['tasks']))) {
    if (!isEntry(task)) continue;
    drafts.push(readLevel(new Draft(mode, names, taskLevel(key)), task));
    const nested = asEntry(task['for_each']);
    drafts.push(readLevel(new Draft(mode, names, nestedLevel(key)), nested));
  }
  return {
    wishes: Object.assign({}, ...drafts.map(({ wishes }) => wishes)) as Statement['wishes'],
    origins: Object.assign({}, ...drafts.map(({ origins }) => origins)) as Statement['origins'],
    findings: drafts.flatMap(({ findings }) => findings),
    consents: consentsOf(asEntry(entry['tasks'])),
  };
}

function consentsOf(tasks: Entry): readonly string[] {
  return Object.entries(tasks).flatMap(([key, task]) =>
    isEntry(task) && task['rewrite_task'] === true ? [`rewrite_task:${key}`] : [],
  );
}

/** The blocks of one level: `notify`, `email_notifications`, … */
function readLevel(draft: Draft, entry: Entry): Draft {
  readNotify(draft, asEntry(entry['notify']));
  readEmails(draft, asEntry(entry['email_notifications']));
  readWebhooks(draft, asEntry(entry['webhook_notifications']));
  readFlags(draft, asEntry(entry['notification_settings']), ['notification_settings']);
  readHealth(draft, asEntry(entry['health']));
  if (entry['strict'] === true) emptyTheRest(draft);
  return draft;
}

/** Collects wishes of one level while it is read; a field that is stated twice is an error at the second place. */
class Draft {
  readonly wishes: Record<string, Wish> = {};
  readonly origins: Record<string, EntryPath> = {};
  readonly findings: Finding[] = [];
  readonly mode: Wish['mode'];
  readonly names: DeclaredNames;
  readonly #prefix: string;
  readonly #place: EntryPath;

  constructor(mode: Wish['mode'], names: DeclaredNames, { prefix, task, isNested }: Level) {
    this.mode = mode;
    this.names = names;
    this.#prefix = prefix;
    this.#place = task === '' ? [] : ['tasks', task, ...(isNested ? ['for_each'] : [])];
  }

  /** `path` and `origin` are those within the level. */
  wish(path: string, value: Value, origin: EntryPath): void {
    const first = this.originOf(path);
    if (first !== undefined) {
      const message = `${path} is stated twice: here and under ${first.join('.')}`;
      this.report({ code: 'stated-twice', path: origin, message, hint: 'keep one of the two' });
      return;
    }
    this.wishes[this.#prefix + path] = { mode: this.mode, value };
    this.origins[this.#prefix + path] = [...this.#place, ...origin];
  }

  /** Where in this level a field was stated. */
  originOf(path: string): EntryPath | undefined {
    return this.origins[this.#prefix + path]?.slice(this.#place.length);
  }

  wishFor(path: string): Wish | undefined {
    return this.wishes[this.#prefix + path];
  }

  report(finding: Omit<Finding, 'severity'> & { readonly severity?: Finding['severity'] }): void {
    this.findings.push({ severity: 'error', ...finding, path: [...this.#place, ...finding.path] });
  }
}

/** The short form names an event on both sides, so a side without a recipient is wished empty. */
function readNotify(draft: Draft, notify: Entry): void {
  for (const [event, list] of Object.entries(notify)) {
    const origin = ['notify', event];
    const emails: Item[] = [];
    const destinations: Item[] = [];
    for (const [index, item] of asEntryList(list).entries()) {
      const at = [...origin, index];
      if (typeof item === 'string' && item.includes('@')) emails.push(...readEmail(draft, item, at));
      else destinations.push(...readDestination(draft, item, at));
    }
    wishWebhooks(draft, event, destinations, origin);
    draft.wish(`email_notifications.${event}`, emails, origin);
  }
}

function readEmails(draft: Draft, block: Entry): void {
  for (const [event, list] of Object.entries(block)) {
    if (event in JOB_FLAGS) continue;
    const origin = ['email_notifications', event];
    const emails = asEntryList(list).flatMap((item, index) => readEmail(draft, item, [...origin, index]));
    draft.wish(`email_notifications.${event}`, emails, origin);
  }
  readMisplacedFlags(draft, block);
}

/**
 * `no_alert_for_canceled_runs` never was a field of this block, and `no_alert_for_skipped_runs` is deprecated there;
 * both are in many files, so they are moved to where they work.
 */
function readMisplacedFlags(draft: Draft, block: Entry): void {
  for (const flag of Object.keys(JOB_FLAGS)) {
    if (block[flag] === undefined) continue;
    const path = `notification_settings.${flag}`;
    const origin = ['email_notifications', flag];
    const message = `${flag} belongs under notification_settings; it was read from there`;
    const hint = `move it to notification_settings.${flag}`;
    draft.report({ code: 'misplaced-flag', severity: 'warning', path: origin, message, hint });
    draft.wish(path, block[flag] === true, origin);
  }
}

function readWebhooks(draft: Draft, block: Entry): void {
  for (const [event, list] of Object.entries(block)) {
    const origin = ['webhook_notifications', event];
    const refs = asEntryList(list).flatMap((item, index) =>
      isEntry(item)
        ? readDestination(draft, item['id'] ?? null, [...origin, index, 'id'])
        : readDestination(draft, item, [...origin, index]),
    );
    wishWebhooks(draft, event, refs, origin);
  }
}

function wishWebhooks(draft: Draft, event: string, refs: readonly Item[], origin: EntryPath): void {
  const distinct = new Set(refs.map(String));
  if (distinct.size > MAX_DESTINATIONS_PER_EVENT) {
    const message = `${event} names ${distinct.size} destinations; Databricks allows ${MAX_DESTINATIONS_PER_EVENT} for each event`;
    const hint = 'drop some, or send them through one destination that fans out';
    draft.report({ code: 'more-than-three', path: origin, message, hint });
  }
  draft.wish(`webhook_notifications.${event}`, refs, origin);
}

/**
 * Both blocks may state the same flag with the same value: files that were written against older documentation do. A
 * different value is stated twice.
 */
function readFlags(draft: Draft, block: Entry, origin: EntryPath): void {
  for (const [flag, value] of Object.entries(block)) {
    const path = `notification_settings.${flag}`;
    const moved = draft.originOf(path)?.[0] === 'email_notifications';
    if (moved && draft.wishFor(path)?.value === (value === true)) continue;
    draft.wish(path, value === true, [...origin, flag]);
  }
}

function readHealth(draft: Draft, block: Entry): void {
  if (block['rules'] === undefined) return;
  const rules = asEntryList(block['rules']);
  for (const [index, rule] of rules.entries()) {
    if (!isEntry(rule)) continue;
    draft.wish(`health.${entryText(rule['metric'])}`, Number(entryText(rule['value'])), [
      'health',
      'rules',
      index,
    ]);
  }
  if (rules.length > 0) return;
  for (const metric of Object.keys(HEALTH_METRICS)) draft.wish(`health.${metric}`, null, ['health', 'rules']);
}

function emptyTheRest(draft: Draft): void {
  if (draft.mode !== 'exact') {
    const hint = 'drop `strict`, or say `mode: exact`';
    const message = '`strict` empties events and `mode: ensure` never does';
    draft.report({ code: 'strict-ensure', path: ['strict'], message, hint });
    return;
  }
  for (const event of EVENT_NAMES) {
    for (const side of ['email_notifications', 'webhook_notifications']) {
      if (draft.originOf(`${side}.${event}`) === undefined) draft.wish(`${side}.${event}`, [], ['strict']);
    }
  }
}

function readEmail(draft: Draft, item: EntryValue, at: EntryPath): readonly Item[] {
  if (typeof item === 'string' && isEmailAddress(item) && !item.includes('*')) return [item];
  if (isUnresolved(item)) return [];
  const message = `"${entryText(item)}" is not an e-mail address`;
  const isKey = draft.names.keysOf('destinations').includes(entryText(item));
  const example = entryText(item).includes('*')
    ? 'only a rule with `mode: forbid` takes patterns'
    : 'for example team@example.com';
  const hint = isKey ? 'a destination belongs under `webhook_notifications` or `notify`' : example;
  draft.report({ code: 'bad-email', path: at, message, hint });
  return [];
}

/** A key, a reference, or a raw id: `{id: …}` blocks paste from a bundle. */
function readDestination(draft: Draft, item: EntryValue, at: EntryPath): readonly Item[] {
  if (item instanceof Ref) return [item];
  if (isUnresolved(item)) return [];
  const text = typeof item === 'string' ? item : '';
  const keys = draft.names.keysOf('destinations');
  if (keys.includes(text)) return [new Ref(`destination/${text}`)];
  if (UUID.test(text)) {
    const hint = 'declare it under `destinations` (`existing: true` never writes it) and refer to it by key';
    const message = 'a raw id says nothing to a reader, and differs in every workspace';
    draft.report({ code: 'raw-id', severity: 'note', path: at, message, hint });
    return [new IdRef('destination', text.toLowerCase())];
  }
  const message = `there is no destination "${text}" in this file`;
  draft.report({ code: 'unknown-destination', path: at, message, hint: destinationHint(text, keys) });
  return [];
}

/** A reference that could not be put in has an error of its own. */
function isUnresolved(item: EntryValue): boolean {
  return typeof item === 'string' && item.includes('${');
}

function destinationHint(text: string, keys: readonly string[]): string {
  if (text.includes('@')) return 'an e-mail address belongs under `email_notifications` or `notify`';
  if (suggest(text, keys) !== undefined) return didYouMean(text, keys);
  return `declare it under \`destinations\` (${didYouMean(text, keys)}); an e-mail address needs an @`;
}
