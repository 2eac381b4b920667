import { LostAnswerError, NotFoundError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import { type ResolvedSpec, type ResolvedValue, isEmpty } from '../../core/value.ts';
import { asList, asObject, asText, type ApiClient, type Json } from '../client.ts';
import type { KindApi, Listing, NewObject, Row, Write } from '../kind.ts';
import { observeDestination } from './observe.ts';
import { CONFIG_KEYS } from './shape.ts';

const PATH = '/api/2.0/notification-destinations';
/** The most that the official command line asks for; the documented default is 20. */
const PAGE_SIZE = 200;

export function connectDestinations(client: ApiClient): KindApi {
  let listed: string | undefined;
  return {
    find: async () => {
      const listing = await find(client);
      listed = listing.rows.map(({ observed }) => observed.id).find((id) => id !== '');
      return listing;
    },
    get: (id) => get(client, id),
    create: (object) => create(client, object),
    update: (write) => update(client, write),
    remove: (id) => remove(client, id),
    isShownAdminOnly: () => (listed === undefined ? Promise.resolve(null) : isShownConfig(client, listed)),
  };
}

/** All of them: names of foreign ones are shown, twins are told, and dangling ids are known by their absence. */
async function find(client: ApiClient): Promise<Listing> {
  const rows: Row[] = [];
  for await (const page of client.pages(PATH, { page_size: PAGE_SIZE })) {
    // `config` may come along for admins on some deployments; its completeness there is undocumented.
    for (const raw of asList(page['results'])) {
      rows.push({ observed: observeDestination(withoutConfig(raw)), gaps: CONFIG_KEYS, isWhole: false });
    }
  }
  return { rows, isComplete: true, seen: rows.length, denied: [], near: [], whyGaps: null };
}

function withoutConfig(raw: Json): Json {
  const { config: _config, ...row } = asObject(raw);
  return row;
}

async function get(client: ApiClient, id: string): Promise<Json | null> {
  try {
    const { body } = await client.send({ method: 'GET', path: pathOf(id), delivery: 'repeat' });
    return body;
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

/** Any destination will do: each has a configuration, and only to workspace admins is it shown. */
async function isShownConfig(client: ApiClient, id: string): Promise<boolean | null> {
  const destination = asObject(await get(client, id));
  if (asText(destination['id']) !== id) return null;
  const config = destination['config'] ?? null;
  if (config === null) return false;
  return Object.keys(asObject(config)).length > 0 ? true : null;
}

async function create(client: ApiClient, object: NewObject): Promise<string> {
  const body = { display_name: object.name, config: configOf(object.spec) };
  const answer = await client.send({ method: 'POST', path: PATH, body, delivery: 'create' });
  const id = asText(asObject(answer.body)['id']);
  if (id !== '') return id;
  const { status } = answer;
  throw new LostAnswerError('the destination was made and its id not told', {
    method: 'POST',
    path: PATH,
    status,
  });
}

/**
 * A rename is sent alone, so that it touches no secret. Anything else sends the whole configuration with every secret,
 * because it is undocumented whether a PATCH keeps or clears a secret that is left out.
 */
async function update(client: ApiClient, write: Write): Promise<void> {
  const isRenamed = write.changed.includes('display_name');
  const hasConfig = write.changed.some((path) => path !== 'display_name');
  const body = {
    ...(isRenamed ? { display_name: String(write.spec['display_name']) } : {}),
    ...(hasConfig ? { config: configOf(write.spec) } : {}),
  };
  await client.send({ method: 'PATCH', path: pathOf(write.id), body, delivery: 'repeat' });
}

async function remove(client: ApiClient, id: string): Promise<void> {
  try {
    await client.send({ method: 'DELETE', path: pathOf(id), delivery: 'repeat' });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}

function configOf(spec: ResolvedSpec): Json {
  const config: Record<string, Record<string, Json>> = {};
  for (const [path, value] of Object.entries(spec)) {
    const [type = '', field] = path.split('.');
    if (field !== undefined && !isEmpty(value)) (config[type] ??= {})[field] = plain(value);
  }
  return config;
}

function plain(value: ResolvedValue): Json {
  if (value instanceof Secret) return value.reveal();
  return Array.isArray(value) ? value.map(plain) : (value as Json);
}

function pathOf(id: string): string {
  return `${PATH}/${encodeURIComponent(id)}`;
}
