import { LostAnswerError, NotFoundError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import { type ResolvedSpec, type ResolvedValue, isEmpty } from '../../core/value.ts';
import { asList, asObject, asText, type ApiClient, type Json } from '../client.ts';
import type { KindApi, Listing, NewObject, Row, Write } from '../kind.ts';
import { observeWebhook } from './observe.ts';
import { BLOCKS } from './shape.ts';

const PATH = '/api/2.0/mlflow/registry-webhooks';
/** The most that one page may hold is undocumented. */
const PAGE_SIZE = 100;

export function connectRegistryWebhooks(client: ApiClient): KindApi {
  return {
    find: () => find(client),
    get: (id) => get(client, id),
    create: (object) => create(client, object),
    update: (write) => update(client, write),
    remove: (id) => remove(client, id),
    probe: (id) => probe(client, id),
  };
}

async function find(client: ApiClient): Promise<Listing> {
  const rows: Row[] = [];
  for await (const page of pages(client)) rows.push(...page.map(rowOf));
  return { rows, isComplete: true, seen: rows.length, denied: [], near: [], whyGaps: null };
}

function rowOf(raw: Json): Row {
  return { observed: observeWebhook(raw), gaps: [], isWhole: true };
}

/** There is no request for one webhook. */
async function get(client: ApiClient, id: string): Promise<Json | null> {
  for await (const page of pages(client)) {
    const found = page.find((raw) => asText(asObject(raw)['id']) === id);
    if (found !== undefined) return found;
  }
  return null;
}

async function* pages(client: ApiClient): AsyncIterable<readonly Json[]> {
  for await (const page of client.pages(`${PATH}/list`, { max_results: PAGE_SIZE }))
    yield asList(page['webhooks']);
}

async function create(client: ApiClient, { traits, spec }: NewObject): Promise<string> {
  const model = traits['model_name'] ?? '';
  const body = { ...(model === '' ? {} : { model_name: model }), ...filled(topOf(spec)), ...targetOf(spec) };
  const path = `${PATH}/create`;
  const answer = await client.send({ method: 'POST', path, body, delivery: 'create' });
  const id = asText(asObject(asObject(answer.body)['webhook'])['id']);
  if (id !== '') return id;
  const { status } = answer;
  throw new LostAnswerError('the webhook was made and its id not told', { method: 'POST', path, status });
}

/**
 * A target is sent whole with every secret, because it is undocumented whether one that is left out is kept. `model_name`
 * is never sent: it cannot change.
 */
async function update(client: ApiClient, { id, spec, changed }: Write): Promise<void> {
  const top = Object.entries(topOf(spec)).filter(([field]) => changed.includes(field));
  const hasTarget = changed.some((path) => path.includes('.'));
  const body = { id, ...Object.fromEntries(top), ...(hasTarget ? targetOf(spec, changed) : {}) };
  await client.send({ method: 'PATCH', path: `${PATH}/update`, body, delivery: 'repeat' });
}

async function remove(client: ApiClient, id: string): Promise<void> {
  try {
    await client.send({ method: 'DELETE', path: `${PATH}/delete`, query: { id }, delivery: 'repeat' });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}

/** Its receiver may act on an event, so a test is not sent twice on a guess. */
async function probe(client: ApiClient, id: string): Promise<string> {
  const { body } = await client.send({
    method: 'POST',
    path: `${PATH}/test`,
    body: { id },
    delivery: 'create',
  });
  // The reference calls it `status_code`, its example `status`. The body is the receiver's, and may repeat a secret.
  const { status_code, status } = asObject(body);
  const told = asText(status_code) || asText(status);
  return told === ''
    ? 'the test was sent, and no status was told'
    : `the test was answered with status ${told}`;
}

function topOf(spec: ResolvedSpec): Record<string, Json> {
  const top = Object.entries(spec).filter(([path]) => !path.includes('.'));
  return Object.fromEntries(top.map(([field, value]) => [field, plain(value)]));
}

function filled(fields: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

function targetOf(spec: ResolvedSpec, changed: readonly string[] = []): Record<string, Json> {
  const target: Record<string, Record<string, Json>> = {};
  for (const [path, value] of Object.entries(spec)) {
    const [block = '', field] = path.split('.');
    if (field === undefined) continue;
    const fields = (target[block] ??= {});
    if (!isEmpty(value) || value === false) fields[field] = plain(value);
    // An empty header is the documented way to send none.
    else if (path === `${BLOCKS.http}.authorization` && changed.includes(path)) fields[field] = '';
  }
  return target;
}

function plain(value: ResolvedValue): Json {
  if (value instanceof Secret) return value.reveal();
  return Array.isArray(value) ? value.map(plain) : (value as Json);
}
