import type { Observed, Obstacle } from '../../core/resource.ts';
import { asList, asObject, asText, type Json, type JsonObject } from '../client.ts';
import { CONTINUOUS, pathOf } from './shape.ts';

/** A pipeline as a `get` shows it; a row of the list has an id and a name, and no `spec`. */
export function observePipeline(raw: Json): Observed {
  const object = asObject(raw);
  const spec = asObject(object['spec']);
  return {
    id: asText(object['pipeline_id']) || asText(spec['id']),
    name: asText(spec['name']) || asText(object['name']),
    traits: {},
    spec: { ...recipients(spec), [CONTINUOUS]: spec['continuous'] === true },
    gaps: [],
    obstacles: obstaclesOf(spec),
    uses: [],
  };
}

/** Several blocks may name one kind of alert: all of their addresses are told. */
function recipients(spec: JsonObject): Readonly<Record<string, readonly string[]>> {
  const byAlert = new Map<string, Set<string>>();
  for (const block of asList(spec['notifications']).map(asObject)) {
    const emails = asList(block['email_recipients']).map(asText);
    for (const alert of asList(block['alerts']).map(asText)) {
      byAlert.set(alert, new Set([...(byAlert.get(alert) ?? []), ...emails]));
    }
  }
  return Object.fromEntries([...byAlert].map(([alert, emails]) => [pathOf(alert), [...emails]]));
}

function obstaclesOf(spec: JsonObject): readonly Obstacle[] {
  if (Object.keys(spec).length === 0) {
    const message = 'its settings are not told, and a write replaces them whole';
    return [{ reason: 'settings-untold', message, hint: 'give this identity CAN MANAGE on it' }];
  }
  const kind = asText(asObject(spec['deployment'])['kind']);
  if (kind === 'SYSTEM_MANAGED') {
    const message = 'Databricks itself manages this pipeline; its settings are read-only';
    return [{ reason: 'system-managed', message }];
  }
  if (kind !== 'BUNDLE') return [];
  const message = 'a bundle owns this pipeline, and its next deploy would undo our change';
  return [{ reason: 'bundle', message, hint: 'change it in the bundle, or see `settings.bundle_jobs`' }];
}
