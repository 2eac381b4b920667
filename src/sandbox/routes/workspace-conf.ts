import { type Answer, ok } from '../answer.ts';
import { type Call, requireAdmin, type Route } from '../route.ts';

/** Switches of the workspace, for admins alone. */
export const WORKSPACE_CONF_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/api/2.0/workspace-conf', answer: read },
];

function read(call: Call): Answer {
  requireAdmin(call);
  const keys = (call.query.get('keys') ?? '').split(',').filter((key) => key !== '');
  return ok(Object.fromEntries(keys.map((key) => [key, null])));
}
