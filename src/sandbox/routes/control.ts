import { type Answer, invalid, missing, ok } from '../answer.ts';
import type { Behaviour } from '../behaviour.ts';
import {
  type Check,
  count,
  flag,
  isOf,
  listOf,
  object,
  oneOf,
  required,
  shape,
  share,
  text,
} from '../check.ts';
import type { Fault } from '../faults.ts';
import { createPoke, type DestinationPatch, mergedSettings, type RegistryWebhookPatch } from '../poke.ts';
import { seedWebhook } from '../registry-webhook.ts';
import { isObject } from '../json.ts';
import { jsonBody, type Route } from '../route.ts';
import { snapshotOf } from '../snapshot.ts';
import type { World } from '../world.ts';

export const CONTROL_PREFIX = '/__sandbox/';

type ControlCall = {
  readonly world: World;
  readonly params: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
};

/** The sandbox's own controls: no token, no log, no faults. */
export const CONTROL_ROUTES: readonly Route<ControlCall>[] = [
  { method: 'GET', path: '/__sandbox/requests', answer: ({ world }) => ok({ requests: world.requests }) },
  { method: 'DELETE', path: '/__sandbox/requests', answer: resetRequests },
  { method: 'GET', path: '/__sandbox/state', answer: ({ world }) => ok(snapshotOf(world.workspace)) },
  { method: 'POST', path: '/__sandbox/faults', answer: addFault },
  { method: 'DELETE', path: '/__sandbox/faults', answer: clearFaults },
  { method: 'PATCH', path: '/__sandbox/behaviour', answer: setBehaviour },
  { method: 'POST', path: '/__sandbox/jobs/{id}/settings', answer: setJob },
  { method: 'POST', path: '/__sandbox/pipelines/{id}/spec', answer: setPipeline },
  { method: 'PATCH', path: '/__sandbox/destinations/{id}', answer: patchDestination },
  { method: 'DELETE', path: '/__sandbox/destinations/{id}', answer: deleteDestination },
  { method: 'POST', path: '/__sandbox/registry-webhooks', answer: addWebhook },
  { method: 'PATCH', path: '/__sandbox/registry-webhooks/{id}', answer: patchWebhook },
  { method: 'DELETE', path: '/__sandbox/registry-webhooks/{id}', answer: deleteWebhook },
];

const headers: Check = (value, at) => {
  const problems = object(value, at);
  return problems.length > 0
    ? problems
    : Object.entries(value ?? {}).flatMap(([key, one]) => text(one, `${at}.${key}`));
};

const FAULT: Check<Fault> = shape({
  method: text,
  path: text,
  skip: count,
  times: count,
  kind: required(oneOf('status', 'status-after', 'drop', 'drop-after', 'hang', 'html')),
  status: count,
  body: () => [],
  headers,
});

const RATE_LIMITS = shape({
  list: count,
  get: count,
  update: count,
  registry: count,
  retryAfter: flag,
  errorCode: oneOf('REQUEST_LIMIT_EXCEEDED', 'RESOURCE_EXHAUSTED'),
  othersShare: share,
  othersPeriodMs: count,
});

const BEHAVIOUR: Check<Partial<Behaviour>> = shape({
  latencyMs: count,
  listLag: count,
  staleReads: count,
  omittedSecrets: oneOf('cleared', 'kept'),
  uniqueDestinationNames: flag,
  listOmits: listOf(text),
  listsDestinationConfig: flag,
  permissionsShown: oneOf('managers', 'viewers'),
  rateLimits: (value, at) => (value === null ? [] : RATE_LIMITS(value, at)),
});

const DESTINATION_PATCH: Check<DestinationPatch> = shape({ display_name: text, config: object });

/** Anything but a list of events that is none, so that a workspace can be brought into any state. */
const WEBHOOK_PATCH: Check<RegistryWebhookPatch> = (value, at) =>
  isObject(value) && value['events'] !== undefined ? listOf(text)(value['events'], `${at}.events`) : [];

function resetRequests({ world }: ControlCall): Answer {
  world.requests.length = 0;
  return ok();
}

function addFault(call: ControlCall): Answer {
  call.world.faults.add(checkedBody(call, FAULT, 'fault'));
  return ok();
}

function clearFaults({ world }: ControlCall): Answer {
  world.faults.clear();
  return ok();
}

function setBehaviour(call: ControlCall): Answer {
  call.world.behaviour = {
    ...call.world.behaviour,
    ...checkedBody(call, BEHAVIOUR, 'behaviour'),
  };
  return ok();
}

/** Sets top-level keys of a job's settings, null removing one. */
function setJob(call: ControlCall): Answer {
  const id = call.params['id'] ?? '';
  if (call.world.workspace.jobs.get(id) === undefined) throw missing(`There is no job ${id}.`);
  const patch = jsonBody(call);
  createPoke(call.world.workspace).setJob(id, (settings) => mergedSettings(settings, patch));
  return ok();
}

/** Sets top-level keys of a pipeline's spec, null removing one. */
function setPipeline(call: ControlCall): Answer {
  const id = call.params['id'] ?? '';
  if (call.world.workspace.pipelines.get(id) === undefined) throw missing(`There is no pipeline ${id}.`);
  const patch = jsonBody(call);
  createPoke(call.world.workspace).setPipeline(id, (spec) => mergedSettings(spec, patch));
  return ok();
}

function patchDestination(call: ControlCall): Answer {
  const patch = checkedBody(call, DESTINATION_PATCH, 'destination');
  createPoke(call.world.workspace).patchDestination(destinationId(call), patch);
  return ok();
}

function deleteDestination(call: ControlCall): Answer {
  createPoke(call.world.workspace).deleteDestination(destinationId(call));
  return ok();
}

function addWebhook(call: ControlCall): Answer {
  const webhook = checkedBody(call, seedWebhook, 'webhook');
  return ok({ id: createPoke(call.world.workspace).addRegistryWebhook(webhook) });
}

function patchWebhook(call: ControlCall): Answer {
  const patch = checkedBody(call, WEBHOOK_PATCH, 'webhook');
  createPoke(call.world.workspace).patchRegistryWebhook(webhookId(call), patch);
  return ok();
}

function deleteWebhook(call: ControlCall): Answer {
  createPoke(call.world.workspace).deleteRegistryWebhook(webhookId(call));
  return ok();
}

function webhookId(call: ControlCall): string {
  const id = call.params['id'] ?? '';
  if (call.world.workspace.registryWebhooks.get(id) === undefined)
    throw missing(`There is no registry webhook ${id}.`);
  return id;
}

function destinationId(call: ControlCall): string {
  const id = call.params['id'] ?? '';
  if (call.world.workspace.destinations.get(id) === undefined)
    throw missing(`There is no destination ${id}.`);
  return id;
}

function checkedBody<T>(call: ControlCall, check: Check<T>, at: string): T {
  const body: unknown = jsonBody(call);
  if (isOf(body, check, at)) return body;
  throw invalid(check(body, at).join('; '));
}
