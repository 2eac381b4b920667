import type { Finding } from '../../core/doctor.ts';
import { KINDS } from '../../kinds/index.ts';
import { probe } from './finding.ts';
import { managedFindings, missingFinding } from './managed.ts';
import type { Ward } from './visit.ts';

const ABOUT = { group: 'permissions', code: 'pipelines-managed', title: 'Pipelines' } as const;
const MISSING = { group: 'permissions', code: 'pipelines-missing', title: 'Pipelines by name' } as const;
const UNTOLD = { code: 'pipelines-untold' } as const;
const MOST = 200;

/** Whether the pipelines of the file are seen and may be changed; nothing where it names none. */
export function pipelineFindings(ward: Ward): Promise<readonly Finding[]> {
  const declared = (ward.loaded?.resources ?? []).filter(({ kind }) => kind === 'pipeline').slice(0, MOST);
  const kind = KINDS.find(({ name }) => name === 'pipeline');
  if (declared.length === 0 || kind === undefined) return Promise.resolve([]);
  return probe(ABOUT, async () => {
    const wanted = declared.map(({ id, name }) => (id === undefined ? { name } : { id }));
    const { rows } = await kind.connect(ward.client).find(wanted, { seen: null });
    const things = rows.map(({ observed: { id, name } }) => ({ id, name }));
    const found = new Set(things.flatMap(({ id, name }) => [id, name]));
    const missing = declared.map(({ id, name }) => id ?? name).filter((one) => !found.has(one));
    const asked = { kind: 'pipeline', plural: 'pipelines', things, remark: '' };
    const codes = { managed: ABOUT.code, untold: UNTOLD.code };
    return [...missingFinding(MISSING, 'pipelines', missing), ...(await managedFindings(ward, asked, codes))];
  });
}
