import type { Finding, Snippet } from '../../core/doctor.ts';
import { NotFoundError } from '../../core/errors.ts';
import { asList, asObject, asText, type Json } from '../../kinds/client.ts';
import { probe } from './finding.ts';
import type { Ward } from './visit.ts';

const ABOUT = { group: 'permissions', code: 'system-tables', title: 'System tables' } as const;
const CATALOG = '/api/2.1/unity-catalog';
const NEEDED = ['USE_CATALOG', 'USE_SCHEMA', 'SELECT'];

/** What is told of runs in `system.lakeflow` is read by monitors alone, so nothing here is a problem. */
export function systemTableFindings(ward: Ward): Promise<readonly Finding[]> {
  return probe(ABOUT, async () => {
    if (!(await hasMetastore(ward))) return [withoutMetastore()];
    const granted = await readPrivileges(ward);
    const missing = granted.includes('ALL_PRIVILEGES')
      ? []
      : NEEDED.filter((privilege) => !granted.includes(privilege));
    if (missing.length === 0) return [{ ...ABOUT, status: 'ok', detail: 'system.lakeflow can be read' }];
    return [withoutGrants(ward, missing)];
  });
}

async function hasMetastore({ client }: Ward): Promise<boolean> {
  try {
    const path = `${CATALOG}/current-metastore-assignment`;
    await client.send({ method: 'GET', path, delivery: 'repeat' });
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

async function readPrivileges({ client, person }: Ward): Promise<readonly string[]> {
  const path = `${CATALOG}/effective-permissions/SCHEMA/system.lakeflow`;
  const query = { principal: person.userName };
  const { body } = await client.send({ method: 'GET', path, query, delivery: 'repeat' });
  return asList(asObject(body)['privilege_assignments']).flatMap(privilegesIn);
}

function privilegesIn(assignment: Json): readonly string[] {
  const privileges = asList(asObject(assignment)['privileges']);
  return privileges.map((one) => asText(asObject(one)['privilege']).replaceAll(' ', '_'));
}

function withoutMetastore(): Finding {
  const detail =
    'there is no Unity Catalog metastore, and so none of them; only monitors would read them, nothing else needs them';
  const remedy = 'assign a metastore to this workspace in the account console, under Catalog';
  return { ...ABOUT, status: 'warning', detail, remedy };
}

function withoutGrants({ person }: Ward, missing: readonly string[]): Finding {
  const detail = `system.lakeflow is not granted to this identity (${missing.join(', ')}); only monitors would read it, nothing else needs it`;
  const remedy = 'let a metastore admin run these grants, and enable the schema where it is not yet';
  return {
    ...ABOUT,
    status: 'warning',
    detail,
    remedy,
    snippets: [grants(person.userName, missing)],
  };
}

const GRANTS: Readonly<Record<string, string>> = {
  USE_CATALOG: 'GRANT USE CATALOG ON CATALOG system TO',
  USE_SCHEMA: 'GRANT USE SCHEMA ON SCHEMA system.lakeflow TO',
  SELECT: 'GRANT SELECT ON SCHEMA system.lakeflow TO',
};

function grants(userName: string, missing: readonly string[]): Snippet {
  const principal = `\`${userName.replaceAll('`', '``')}\``;
  const lines = missing.map((privilege) => `${GRANTS[privilege] ?? ''} ${principal};`);
  return { title: 'In a SQL editor', language: 'sql', text: lines.join('\n') };
}
