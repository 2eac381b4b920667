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
    else
      composed[field] = asItems(value).map((item) =>
        block === 'webhook_notifications' ? { id: item } : item,
      );
  }
  return composed;
}

/** Rules of other metrics stay as they are, in their place. */
function composeHealth(before: JsonObject, fields: Fields): JsonObject {
  const metrics = fields.map(([metric]) => metric);
  const kept = asList(before['rules']).filter((rule) => !metrics.includes(asText(asObject(rule)['metric'])));
  const added = fields
    .filter(([, value]) => value !== null)
    .map(([metric, value]) => healthRule(metric, value));
  const rules = [...kept, ...added];
  const { rules: _rules, ...rest } = before;
  return rules.length === 0 ? rest : { ...rest, rules };
}

function healthRule(metric: string, value: ResolvedValue): Json {
  return { metric, op: 'GREATER_THAN', value: Number(value) };
}

function asItems(value: ResolvedValue): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
