import { deployed } from '../../core/bundle.ts';
import type { Observed } from '../../core/resource.ts';
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
    ...deploymentOf(spec),
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

function deploymentOf(spec: JsonObject): Pick<Observed, 'obstacles' | 'metadataPath'> {
  if (Object.keys(spec).length === 0) {
    const message = 'its settings are not told, and a write replaces them whole';
    return {
      obstacles: [{ reason: 'settings-untold', message, hint: 'give this identity CAN MANAGE on it' }],
    };
  }
  const { kind, metadata_file_path: path } = asObject(spec['deployment']);
  return deployed('pipeline', { kind: asText(kind), metadataPath: asText(path) });
}
