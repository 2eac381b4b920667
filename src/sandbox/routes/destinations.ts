import { type Answer, invalid, missing, ok, Refusal } from '../answer.ts';
import {
  checkConfig,
  createdConfig,
  type DestinationConfig,
  shownConfig,
  storedConfig,
  typeName,
} from '../destination-config.ts';
import type { Json, JsonObject } from '../json.ts';
import { cursorFrom, cutPage, listingNumber, pageSize } from '../paging.ts';
import { type Call, jsonBody, requireAdmin, type Route } from '../route.ts';
import { type Destination, newDestination, newId } from '../workspace.ts';

const PATH = '/api/2.0/notification-destinations';

/** Notification destinations: only admins write them or read their `config`. */
export const DESTINATION_ROUTES: readonly Route[] = [
  { method: 'POST', path: PATH, answer: create },
  { method: 'GET', path: PATH, answer: list },
  { method: 'GET', path: `${PATH}/{id}`, answer: get },
  { method: 'PATCH', path: `${PATH}/{id}`, answer: update },
  { method: 'DELETE', path: `${PATH}/{id}`, answer: remove },
];

function create(call: Call): Answer {
  requireAdmin(call);
  const { workspace, behaviour } = call.world;
  const body = jsonBody(call);
  const name = nameFrom(call, body['display_name'], null);
  const config = checkConfig(storedConfig(body['config']));
  const id = newId(workspace, 'destination');
  const visibleFrom = workspace.listings.destinations + 1 + behaviour.listLag;
  const destination = { ...newDestination(id, name, config), visibleFrom };
  workspace.destinations.set(id, destination, behaviour.staleReads);
  return ok({ ...rowOf(destination), config: createdConfig(config) });
}

function list(call: Call): Answer {
  const { workspace, behaviour } = call.world;
  const size = pageSize(call.query, { parameter: 'page_size', usual: 20, max: 200 });
  const cursor = cursorFrom('destinations', call.query.get('page_token'));
  const listing = listingNumber(workspace.listings, 'destinations', cursor);
  const rows = workspace.destinations.values().filter((destination) => destination.visibleFrom <= listing);
  const page = cutPage(rows, size, { scope: 'destinations', cursor, offset: 0, listing });
  const hasConfig = behaviour.listsDestinationConfig;
  return ok({
    ...(page.rows.length === 0
      ? {}
      : { results: page.rows.map((row) => (hasConfig ? shown(call, row) : rowOf(row))) }),
    ...(page.next === undefined ? {} : { next_page_token: page.next }),
  });
}

function get(call: Call): Answer {
  const destination = call.world.workspace.destinations.read(idOf(call));
  if (destination === undefined) throw notFound(call);
  return ok(shown(call, destination));
}

function update(call: Call): Answer {
  requireAdmin(call);
  const old = expected(call);
  const body = jsonBody(call);
  const { display_name: name = null, config = null } = body;
  if (name === null && config === null)
    throw invalid('At least one of display_name and config must be given.');
  const changed: Destination = {
    ...old,
    name: name === null ? old.name : nameFrom(call, name, old.id),
    config: config === null ? old.config : changedConfig(call, old.config, config),
  };
  const { workspace, behaviour } = call.world;
  workspace.destinations.set(old.id, changed, behaviour.staleReads);
  return ok(shown(call, changed));
}

/** References are not checked: a job that still names the destination refuses its next write. */
function remove(call: Call): Answer {
  requireAdmin(call);
  const { workspace, behaviour } = call.world;
  workspace.destinations.delete(expected(call).id, behaviour.staleReads);
  return ok();
}

function changedConfig(call: Call, old: DestinationConfig, sent: Json): DestinationConfig {
  const config = storedConfig(sent);
  if (config.type !== old.type) {
    throw invalid(
      `The type of a notification destination cannot be changed from ${old.type} to ${config.type}.`,
    );
  }
  const isKept = call.world.behaviour.omittedSecrets === 'kept';
  return checkConfig(isKept ? { type: old.type, fields: { ...old.fields, ...config.fields } } : config);
}

function nameFrom(call: Call, name: Json | undefined, id: string | null): string {
  if (typeof name !== 'string' || name === '')
    throw invalid('display_name must be a text that is not empty.');
  const { workspace, behaviour } = call.world;
  const twin = workspace.destinations.values().find((other) => other.name === name && other.id !== id);
  if (!behaviour.uniqueDestinationNames || twin === undefined) return name;
  throw new Refusal(
    409,
    'RESOURCE_ALREADY_EXISTS',
    `A notification destination named '${name}' already exists.`,
  );
}

function rowOf(destination: Destination): JsonObject {
  return {
    id: destination.id,
    display_name: destination.name,
    destination_type: typeName(destination.config),
  };
}

function shown(call: Call, destination: Destination): JsonObject {
  const row = rowOf(destination);
  return call.identity.isAdmin ? { ...row, config: shownConfig(destination.config) } : row;
}

function expected(call: Call): Destination {
  const destination = call.world.workspace.destinations.get(idOf(call));
  if (destination === undefined) throw notFound(call);
  return destination;
}

function notFound(call: Call): Refusal {
  return missing(`Notification destination with id '${idOf(call)}' does not exist.`);
}

function idOf(call: Call): string {
  return call.params['id'] ?? '';
}
