import {
  entryText,
  isEntry,
  type Entry,
  type EntryPath,
  type Finding,
  asEntry,
  asEntryList,
} from '../../core/entry.ts';
import type { Value } from '../../core/value.ts';
import { JOB_LEVEL, nestedLevel, taskLevel, type Level } from './level.ts';

export type Forbidden = {
  readonly states: Readonly<Record<string, Value>>;
  readonly origins: Readonly<Record<string, EntryPath>>;
  readonly findings: readonly Finding[];
};

type Part = { readonly level: Level; readonly block: Entry; readonly at: EntryPath };

/** What a `forbid` rule names: patterns for recipients, by field path. A pattern with an `@` is about e-mail. */
export function readForbidden(entry: Entry): Forbidden {
  const parts = partsOf(entry);
  const patterns = parts.flatMap(patternsIn);
  const states: Record<string, readonly string[]> = {};
  const origins: Record<string, EntryPath> = {};
  for (const { path, pattern, at } of patterns) {
    states[path] = [...new Set([...(states[path] ?? []), pattern])].sort();
    origins[path] ??= at;
  }
  return { states, origins, findings: [...parts.flatMap(misplacedIn), ...patterns.flatMap(onWrongSide)] };
}

function partsOf(entry: Entry): readonly Part[] {
  const tasks = Object.entries(asEntry(entry['tasks'])).flatMap(([key, task]) => {
    if (!isEntry(task)) return [];
    const inside = asEntry(task['for_each']);
    const at = ['tasks', key];
    return [
      { level: taskLevel(key), block: task, at },
      { level: nestedLevel(key), block: inside, at: [...at, 'for_each'] },
    ];
  });
  return [{ level: JOB_LEVEL, block: entry, at: [] }, ...tasks];
}

type Pattern = {
  readonly path: string;
  readonly pattern: string;
  readonly at: EntryPath;
  /** The key that it stands under. */
  readonly block: string;
};

function patternsIn({ level, block, at }: Part): readonly Pattern[] {
  return ['notify', 'email_notifications', 'webhook_notifications'].flatMap((name) => {
    const events = block[name];
    return Object.entries(asEntry(events)).flatMap(([event, list]) =>
      asEntryList(list).map((item) => {
        const pattern = entryText(isEntry(item) ? item['id'] : item);
        const side = pattern.includes('@') ? 'email_notifications' : 'webhook_notifications';
        return { path: `${level.prefix}${side}.${event}`, pattern, at: [...at, name, event], block: name };
      }),
    );
  });
}

/** `*` under `email_notifications` would take away every destination and no address: the opposite of what it says. */
function onWrongSide({ path, pattern, at, block }: Pattern): readonly Finding[] {
  if (block === 'notify' || path.includes(`${block}.`)) return [];
  const isMail = pattern.includes('@');
  const message = isMail
    ? `"${pattern}" has an "@", so it matches e-mail addresses, and ${block} names none`
    : `"${pattern}" has no "@", so it matches destinations, and ${block} names none`;
  const hint = isMail
    ? 'say it under `email_notifications` or `notify`'
    : 'for addresses write it with an "@" (`*@*` is every address); for destinations say it under `webhook_notifications` or `notify`';
  return [{ code: 'forbid-recipients', severity: 'error', path: at, message, hint }];
}

/** Recipients can be forbidden; a flag or a threshold cannot, as there is no saying what it should be instead. */
function misplacedIn({ block, at }: Part): readonly Finding[] {
  const misplaced = ['notification_settings', 'health', 'strict'].filter((name) => block[name] !== undefined);
  return misplaced.map((name) => ({
    code: 'forbid-recipients',
    severity: 'error',
    path: [...at, name],
    message: `\`mode: forbid\` speaks of recipients, and ${name} names none`,
    hint: 'state it in a rule with `mode: exact` or `mode: ensure`',
  }));
}
