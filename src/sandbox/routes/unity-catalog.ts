import { type Answer, denied, missing, ok } from '../answer.ts';
import { uuidOf } from '../arbitrary.ts';
import type { Call, Route } from '../route.ts';

const PATH = '/api/2.1/unity-catalog';

/** As much of Unity Catalog as tells whether somebody may read the system tables. */
export const UNITY_CATALOG_ROUTES: readonly Route[] = [
  { method: 'GET', path: `${PATH}/current-metastore-assignment`, answer: assignment },
  { method: 'GET', path: `${PATH}/effective-permissions/SCHEMA/system.lakeflow`, answer: lakeflow },
];

function assignment(call: Call): Answer {
  const { id } = requireMetastore(call);
  return ok({
    metastore_id: uuidOf(`${id}/metastore`),
    workspace_id: Number(id),
    default_catalog_name: 'main',
  });
}

/** Only admins may ask about others. */
function lakeflow(call: Call): Answer {
  requireMetastore(call);
  const { name, isAdmin, canReadSystemTables } = call.identity;
  const principal = call.query.get('principal') ?? name;
  if (principal !== name && !isAdmin) throw denied(`User ${name} does not own Schema 'system.lakeflow'.`);
  const who = call.world.workspace.identities.find((identity) => identity.name === principal);
  const isReader = principal === name ? canReadSystemTables : who?.canReadSystemTables === true;
  if (!isReader) return ok({});
  const privileges = ['SELECT', 'USE_SCHEMA'].map((privilege) => ({ privilege }));
  const inherited = {
    privilege: 'USE_CATALOG',
    inherited_from_type: 'CATALOG',
    inherited_from_name: 'system',
  };
  return ok({ privilege_assignments: [{ principal, privileges: [...privileges, inherited] }] });
}

function requireMetastore(call: Call): Call['world']['workspace'] {
  const { workspace } = call.world;
  if (workspace.hasMetastore) return workspace;
  throw missing('No metastore assigned for the current workspace.');
}
