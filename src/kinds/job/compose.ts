import { isEmpty, type ResolvedSpec, type ResolvedValue } from '../../core/value.ts';
import { asList, asObject, asText, type Json, type JsonObject } from '../client.ts';

/** The part of a `jobs/update` body that changes settings. */
export type Settings = { readonly new_settings: JsonObject; readonly fields_to_remove: readonly string[] };

/**
 * Changed fields laid over the blocks as they were just read. `jobs/update` replaces each top-level key whole, so a block
 * is sent with everything else that was in it, unknown keys included; a block that ends empty is removed by name.
 */
export function composeSettings(fresh: JsonObject, spec: ResolvedSpec, changed: readonly string[]): Settings {
  const newSettings: Record<string, Json> = {};
  const removed: string[] = [];
  for (const block of new Set(changed.map((path) => path.slice(0, path.indexOf('.'))))) {
    const fields = changed.filter((path) => path.startsWith(`${block}.`));
    const composed = composeBlock(block, asObject(fresh[block]), fieldsOf(spec, block, fields));
    if (Object.keys(composed).length > 0) newSettings[block] = composed;
    else removed.push(block);
  }
  return { new_settings: newSettings, fields_to_remove: removed };
}

type Fields = readonly (readonly [string, ResolvedValue])[];

function fieldsOf(spec: ResolvedSpec, block: string, paths: readonly string[]): Fields {
  return paths.map((path) => [path.slice(block.length + 1), spec[path] ?? null] as const);
}

function composeBlock(block: string, before: JsonObject, fields: Fields): JsonObject {
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

/** An element that stays is sent as it came, whatever else the API keeps in it. */
function webhooks(before: Json | undefined, ids: readonly string[]): readonly Json[] {
  const known = new Map(asList(before).map((element) => [asText(asObject(element)['id']), element]));
  return ids.map((id) => known.get(id) ?? { id });
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
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
