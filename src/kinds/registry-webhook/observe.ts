import type { Observed, Use } from '../../core/resource.ts';
import { hostOfSecretUrl } from '../../core/secret-url.ts';
import { Secret } from '../../core/secret.ts';
import { IdRef, type Item, type Spec } from '../../core/value.ts';
import { asList, asObject, asText, type Json, type JsonObject } from '../client.ts';
import type { AppliedSecrets } from '../kind.ts';
import { BLOCKS, nameOf, type Target, UNTOLD } from './shape.ts';

export const NEVER_TOLD = 'the API accepts it, never returns it, and does not tell whether it is set';

/** A webhook as a row of `registry-webhooks/list` shows it; a row tells all that there is to read. */
export function observeWebhook(raw: Json): Observed {
  const object = asObject(raw);
  const target = targetOf(object);
  const traits = { model_name: asText(object['model_name']), target };
  return {
    id: asText(object['id']),
    name: nameOf(traits),
    traits,
    spec: {
      events: asList(object['events']).map(asText),
      description: asText(object['description']),
      status: asText(object['status']) || 'ACTIVE',
      ...(target === 'http' ? httpSpec(object) : jobSpec(object)),
    },
    gaps: UNTOLD.map((prefix) => ({ prefix, why: NEVER_TOLD })),
    obstacles: [],
    uses: target === 'http' ? [] : usesOf(object),
  };
}

/** What a person is told of a live webhook. */
export function outputsOf(raw: Json, secrets?: AppliedSecrets): Readonly<Record<string, string>> {
  const object = asObject(raw);
  const outputs = {
    webhook_id: asText(object['id']),
    status: asText(object['status']) || 'ACTIVE',
    events: asList(object['events']).map(asText).sort().join(', '),
    url: shownUrl(urlOf(object), secrets),
    job_id: asText(asObject(object[BLOCKS.job])['job_id']),
    created_at: timeOf(object['creation_timestamp']),
    updated_at: timeOf(object['last_updated_timestamp']),
  };
  return Object.fromEntries(Object.entries(outputs).filter(([, text]) => text !== ''));
}

function targetOf(object: JsonObject): Target {
  return Object.keys(asObject(object[BLOCKS.job])).length > 0 ? 'job' : 'http';
}

function httpSpec(object: JsonObject): Spec {
  const { enable_ssl_verification } = asObject(object[BLOCKS.http]);
  return {
    [`${BLOCKS.http}.url`]: urlOf(object),
    [`${BLOCKS.http}.enable_ssl_verification`]: enable_ssl_verification !== false,
  };
}

function jobSpec(object: JsonObject): Spec {
  const { job_id, workspace_url } = asObject(object[BLOCKS.job]);
  return {
    [`${BLOCKS.job}.job_id`]: new IdRef('job', asText(job_id)),
    [`${BLOCKS.job}.workspace_url`]: asText(workspace_url),
  };
}

/** The API shows the whole URL, also where knowing it is all that it takes to post there. */
function urlOf(object: JsonObject): Item {
  const url = asText(asObject(object[BLOCKS.http])['url']);
  const host = hostOfSecretUrl(url);
  return host === undefined ? url : Secret.of(`(secret url at ${host})`, [], url);
}

/** A URL may be a secret without looking like one: only what was applied tells. */
function shownUrl(url: Item, secrets: AppliedSecrets | undefined): string {
  const applied = secrets?.[`${BLOCKS.http}.url`]?.label;
  if (applied !== undefined && url !== '') return applied;
  const text = String(url);
  return secrets === undefined && URL.canParse(text) ? `${new URL(text).origin}/…` : text;
}

function usesOf(object: JsonObject): readonly Use[] {
  const { job_id, workspace_url } = asObject(object[BLOCKS.job]);
  const id = asText(job_id);
  // The id of a job of another workspace means nothing here.
  return id === '' || asText(workspace_url) !== ''
    ? []
    : [{ kind: 'job', id, place: `${BLOCKS.job}.job_id` }];
}

/** Milliseconds as ISO text; empty where there are none. */
function timeOf(value: Json | undefined): string {
  const time = new Date(Number(asText(value)));
  return asText(value) === '' || Number.isNaN(time.getTime()) ? '' : time.toISOString();
}
