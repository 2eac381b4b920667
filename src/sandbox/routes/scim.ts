import { type Answer, ok } from '../answer.ts';
import { uuidOf } from '../arbitrary.ts';
import type { Call, Route } from '../route.ts';

/** Who am I: admins are members of the group `admins`. */
export const SCIM_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/api/2.0/preview/scim/v2/Me', answer: me },
];

function me(call: Call): Answer {
  const { name, isShownAsAdmin, isActive } = call.identity;
  const own = call.identity.groups.filter(({ isNested }) => !isNested).map((group) => group.name);
  const groups = [...(isShownAsAdmin ? ['admins'] : []), 'users', ...own];
  const body = {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    id: uuidOf(`user/${name}`).replaceAll(/\D/g, ''),
    userName: name,
    displayName: name,
    active: isActive,
    emails: [{ type: 'work', value: name, primary: true }],
    groups: groups.map((display) => ({ display, type: 'direct', value: uuidOf(`group/${display}`) })),
  };
  return ok(body, { 'x-databricks-org-id': call.world.workspace.id });
}
