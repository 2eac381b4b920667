import type { Observed } from '../../core/resource.ts';
import type { Value } from '../../core/value.ts';
import { asList, asObject, asText, type Json, type JsonObject } from '../client.ts';
import { ADMIN_ONLY, CONFIG_KEYS, DESTINATION_TYPES } from './shape.ts';

/** A destination as the API shows it, whole or as a row of its list. */
export function observeDestination(raw: Json): Observed {
  const object = asObject(raw);
  const type = asText(object['destination_type']);
  const key = CONFIG_KEYS.find((candidate) => DESTINATION_TYPES[candidate]?.type === type);
  const config = key === undefined ? undefined : asObject(object['config'])[key];
  const name = asText(object['display_name']);
  const isTold = key !== undefined && isPresent(config);
  return {
    id: asText(object['id']),
    name,
    traits: { type },
    spec: { display_name: name, ...(isTold ? observeConfig(key, asObject(config)) : {}) },
    // A configuration that is not there says nothing, which is not that everything in it is unset.
    gaps: key === undefined || isTold ? [] : [{ prefix: key, why: ADMIN_ONLY }],
    obstacles: [],
    uses: [],
  };
}

function observeConfig(key: string, config: JsonObject): Record<string, Value> {
  const spec: Record<string, Value> = {};
  for (const [field, { secrecy }] of Object.entries(DESTINATION_TYPES[key]?.fields ?? {})) {
    const path = `${key}.${field}`;
    spec[path] = secrecy === 'readable' ? asList(config[field]).map(asText) : config[`${field}_set`] === true;
  }
  return spec;
}

function isPresent(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}
