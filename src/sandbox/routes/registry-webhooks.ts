import { type Answer, denied, invalid, missing, ok } from '../answer.ts';
import { scattered } from '../arbitrary.ts';
import { isOf } from '../check.ts';
import { textAt } from '../json.ts';
import { cursorFrom, cutPage, listingNumber, pageSize } from '../paging.ts';
import {
  createdWebhook,
  type RegistryWebhook,
  shownWebhook,
  updatedWebhook,
  webhookEvent,
} from '../registry-webhook.ts';
import { type Call, jsonBody, type Route } from '../route.ts';
import { holds } from '../identity.ts';
import { newRegistryWebhook, newWebhookId } from '../workspace.ts';

const PATH = '/api/2.0/mlflow/registry-webhooks';
const SCOPE = 'registry_webhooks';

/** Webhooks of the Workspace Model Registry: no GET by id, so the list is the only read. */
export const REGISTRY_WEBHOOK_ROUTES: readonly Route[] = [
  { method: 'POST', path: `${PATH}/create`, rate: 'registry', answer: create },
  { method: 'GET', path: `${PATH}/list`, rate: 'registry', answer: list },
  { method: 'PATCH', path: `${PATH}/update`, rate: 'registry', answer: update },
  { method: 'DELETE', path: `${PATH}/delete`, rate: 'registry', answer: remove },
  { method: 'POST', path: `${PATH}/test`, rate: 'registry', answer: test },
];

function create(call: Call): Answer {
  const { workspace, behaviour } = call.world;
  const body = jsonBody(call);
  requireManage(call, textAt(body, 'model_name'));
  const id = newWebhookId(workspace);
  const visibleFrom = workspace.listings[SCOPE] + 1 + behaviour.listLag;
  const webhook = { ...newRegistryWebhook(workspace, id, createdWebhook(body)), visibleFrom };
  workspace.registryWebhooks.set(id, webhook, behaviour.staleReads);
  return ok({ webhook: shownWebhook(webhook) });
}

function list(call: Call): Answer {
  const { workspace } = call.world;
  const model = call.query.get('model_name') || undefined;
  requireManage(call, model);
  const events = call.query.getAll('events');
  const unknown = events.flatMap((event) => webhookEvent(event, 'events'));
  if (unknown.length > 0) throw invalid(unknown.join('; '));
  const size = pageSize(call.query, { parameter: 'max_results', usual: 1000, max: 1000 });
  const cursor = cursorFrom(SCOPE, call.query.get('page_token'));
  const listing = listingNumber(workspace.listings, SCOPE, cursor);
  const webhooks = workspace.registryWebhooks;
  const rows = (cursor === undefined ? webhooks.readAll() : webhooks.values())
    .filter(({ visibleFrom }) => visibleFrom <= listing)
    .filter(({ fields }) => model === undefined || fields['model_name'] === model)
    .filter(({ fields }) => events.length === 0 || events.some((event) => fields.events.includes(event)))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const page = cutPage(rows, size, { scope: SCOPE, cursor, offset: 0, listing });
  return ok({
    ...(page.rows.length === 0 ? {} : { webhooks: page.rows.map(shownWebhook) }),
    ...(page.next === undefined ? {} : { next_page_token: page.next }),
  });
}

function update(call: Call): Answer {
  const body = jsonBody(call);
  const old = managed(call, textAt(body, 'id'));
  const { workspace, behaviour } = call.world;
  const fields = updatedWebhook(old.fields, body, behaviour.omittedSecrets);
  const webhook = { ...old, fields, updatedMs: workspace.now() };
  workspace.registryWebhooks.set(old.id, webhook, behaviour.staleReads);
  return ok({ webhook: shownWebhook(webhook) });
}

/** Clients send the id in the query, the documentation's example in the body. */
function remove(call: Call): Answer {
  const id = call.query.get('id') ?? textAt(jsonBody(call), 'id');
  const { workspace, behaviour } = call.world;
  workspace.registryWebhooks.delete(managed(call, id).id, behaviour.staleReads);
  return ok();
}

/** Sends an event whatever the status: the sandbox's receivers always answer 200. */
function test(call: Call): Answer {
  const body = jsonBody(call);
  const { workspace } = call.world;
  const webhook = managed(call, textAt(body, 'id'));
  const [any] = scattered(webhook.fields.events, String(webhook.fired.length));
  const event = body['event'] ?? any;
  if (!isOf(event, webhookEvent, 'event')) throw invalid(webhookEvent(event, 'event').join('; '));
  workspace.registryWebhooks.set(webhook.id, { ...webhook, fired: [...webhook.fired, event] });
  return ok({ status_code: 200, body: 'OK' });
}

/** The webhook that a write is about. @throws Refusal (403) before (404) for one that does not exist. */
function managed(call: Call, id: string | undefined): RegistryWebhook {
  if (id === undefined || id === '') throw invalid('Missing required field: id');
  const webhook = call.world.workspace.registryWebhooks.get(id);
  requireManage(call, textAt(webhook?.fields ?? {}, 'model_name'));
  if (webhook === undefined) throw missing(`Webhook with id '${id}' does not exist.`);
  return webhook;
}

/** Whoever manages a model has its webhooks, admins have all. @throws Refusal (403) */
function requireManage(call: Call, model: string | undefined): void {
  const { isAdmin, name, managedModels } = call.identity;
  if (isAdmin || (model !== undefined && holds(managedModels, model))) return;
  const what = model === undefined ? 'registry-wide webhooks' : `webhooks of the model ${model}`;
  throw denied(`User ${name} does not have permission to manage ${what}.`);
}
