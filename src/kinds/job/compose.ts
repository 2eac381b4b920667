import { isEmpty, type ResolvedSpec, type ResolvedValue } from '../../core/value.ts';
import { asList, asObject, asText, type Json, type JsonObject } from '../client.ts';
import {
  JOB_LEVEL,
  levelsOf,
  nestedLevel,
  splitPath,
  taskLevel,
  type FieldPath,
  type Level,
} from './level.ts';
import { composeSubscriptions, isSubscription } from './subscribers.ts';

/** The part of a `jobs/update` body that changes settings. */
export type Settings = { readonly new_settings: JsonObject; readonly fields_to_remove: readonly string[] };

/**
 * Changed fields laid over the job as it was just read. `jobs/update` replaces each top-level key whole, so a block is sent
 * with everything else that was in it, unknown keys included; a block that ends empty is removed by name. A task is
 * replaced whole as well, so one with a changed field is sent with all that it holds, and no other is sent.
 */
export function composeSettings(fresh: JsonObject, spec: ResolvedSpec, changed: readonly string[]): Settings {
  const blocks = composeBlocks(fresh, spec, pathsAt(changed, JOB_LEVEL));
  const kept = Object.entries(blocks).filter(([, block]) => block !== null);
  const tasks = composeTasks(fresh, spec, changed);
  return {
    new_settings: { ...Object.fromEntries(kept), ...(tasks.length > 0 ? { tasks } : {}) },
    fields_to_remove: Object.keys(blocks).filter((name) => blocks[name] === null),
  };
}

function composeTasks(
  fresh: JsonObject,
  spec: ResolvedSpec,
  changed: readonly string[],
): readonly JsonObject[] {
  const keys = new Set(levelsOf(changed).map(({ task }) => task));
  return asList(fresh['tasks'])
    .map((task) => asObject(task))
    .filter((task) => keys.has(asText(task['task_key'])))
    .map((task) => composeTask(task, spec, changed));
}

function composeTask(task: JsonObject, spec: ResolvedSpec, changed: readonly string[]): JsonObject {
  const key = asText(task['task_key']);
  const outer = withBlocks(task, composeBlocks(task, spec, pathsAt(changed, taskLevel(key))));
  const inside = pathsAt(changed, nestedLevel(key));
  if (inside.length === 0) return outer;
  const loop = asObject(task['for_each_task']);
  const nested = asObject(loop['task']);
  return {
    ...outer,
    for_each_task: { ...loop, task: withBlocks(nested, composeBlocks(nested, spec, inside)) },
  };
}

/** A block that ends empty is left out of an element that is replaced whole. */
function withBlocks(level: JsonObject, blocks: Blocks): JsonObject {
  const merged = Object.entries({ ...level, ...blocks });
  return Object.fromEntries(merged.filter(([name]) => blocks[name] !== null));
}

/** Block -> its new content, or null where it ends empty. */
type Blocks = Readonly<Record<string, JsonObject | null>>;

function composeBlocks(before: JsonObject, spec: ResolvedSpec, paths: readonly FieldPath[]): Blocks {
  const names = [...new Set(paths.map(({ block }) => block))];
  return Object.fromEntries(
    names.map((name) => {
      const own = paths.filter(({ block }) => block === name);
      const fields = own.map(
        ({ level, field }) => [field, spec[`${level.prefix}${name}.${field}`] ?? null] as const,
      );
      const composed = composeBlock(name, asObject(before[name]), fields);
      return [name, Object.keys(composed).length > 0 ? composed : null];
    }),
  );
}

function pathsAt(changed: readonly string[], { prefix }: Level): readonly FieldPath[] {
  return changed.flatMap((path) => {
    const parts = splitPath(path);
    return parts?.level.prefix === prefix ? [parts] : [];
  });
}

type Fields = readonly (readonly [string, ResolvedValue])[];

function composeBlock(block: string, before: JsonObject, fields: Fields): JsonObject {
  if (isSubscription(block))
    return fields.reduce(
      (composed, [field, value]) => composeSubscriptions(composed, field, asItems(value)),
      before,
    );
  return block === 'health' ? composeHealth(before, fields) : composeEvents(block, before, fields);
}

function composeEvents(block: string, before: JsonObject, fields: Fields): JsonObject {
  const composed: Record<string, Json> = { ...before };
  for (const [field, value] of fields) {
    if (typeof value === 'boolean') composed[field] = value;
    else if (isEmpty(value)) delete composed[field];
    else if (block === 'webhook_notifications') composed[field] = webhooks(before[field], asItems(value));
    else composed[field] = asItems(value);
  }
  return composed;
}

/** An element that stays is sent as it came, whatever else the API keeps in it, and twice where it stood there twice. */
function webhooks(before: Json | undefined, ids: readonly string[]): readonly Json[] {
  const elements = asList(before);
  const known = new Map(elements.map((element) => [webhookId(element), element]));
  const isTakenFrom = ids.every((id) => known.has(id));
  if (isTakenFrom) return elements.filter((element) => ids.includes(webhookId(element)));
  return ids.map((id) => known.get(id) ?? { id });
}

function webhookId(element: Json): string {
  return asText(asObject(element)['id']);
}

/** Rules of other metrics stay as they are, and every rule stays in its place. */
function composeHealth(before: JsonObject, fields: Fields): JsonObject {
  const metrics = new Set(fields.map(([metric]) => metric));
  const open = new Map(fields);
  const kept = asList(before['rules']).flatMap((rule): readonly Json[] => {
    const metric = asText(asObject(rule)['metric']);
    if (!metrics.has(metric)) return [rule];
    const value = open.get(metric);
    open.delete(metric);
    return changedRule(asObject(rule), metric, value);
  });
  const added = [...open].flatMap(([metric, value]) => changedRule({}, metric, value));
  const rules = [...kept, ...added];
  const { rules: _rules, ...rest } = before;
  return rules.length === 0 ? rest : { ...rest, rules };
}

/** Null takes the rule away; a second one of the same metric goes too. */
function changedRule(
  before: JsonObject,
  metric: string,
  value: ResolvedValue | undefined,
): readonly JsonObject[] {
  if (value === undefined || value === null) return [];
  return [{ ...before, metric, op: 'GREATER_THAN', value: Number(value) }];
}

function asItems(value: ResolvedValue): readonly string[] {
  if (value === null) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
