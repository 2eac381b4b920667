import type { Finding } from '../../core/doctor.ts';
import type { RecordDocument } from '../../core/record.ts';
import { select, type Features } from '../../core/select.ts';
import { KINDS } from '../../kinds/index.ts';
import { probe } from './finding.ts';
import { managedFindings, missingFinding, type Thing } from './managed.ts';
import type { Ward } from './visit.ts';

/** What a look over the list of jobs told. */
export type Sighted = {
  /** How many this identity sees; undefined where they could not be listed. */
  readonly seen: number | undefined;
  readonly findings: readonly Finding[];
};

const SEEN = { group: 'permissions', code: 'jobs-seen', title: 'Jobs seen' } as const;
const MANAGED = { group: 'permissions', code: 'jobs-managed', title: 'Jobs that may be changed' } as const;

const MISSING = { group: 'permissions', code: 'jobs-missing', title: 'Jobs by name' } as const;
const UNTOLD = { code: 'jobs-untold' } as const;

/** Jobs that rules select are so many that some stand for all. */
const SAMPLE = 20;
const MOST_NAMED = 200;

export async function jobFindings(ward: Ward, record: RecordDocument | null): Promise<Sighted> {
  const told: { look?: Look } = {};
  const seen = await probe(SEEN, async () => {
    told.look = await lookOver(ward);
    return [seenFinding(told.look, record), ...missingFinding(MISSING, 'jobs', told.look.missing)];
  });
  const { look } = told;
  if (look === undefined) return { seen: undefined, findings: seen };
  const managed = await probe(MANAGED, () => changeFindings(ward, look));
  return { seen: look.seen, findings: [...seen, ...managed] };
}

type Look = {
  readonly seen: number;
  /** Of those that the configuration names. */
  readonly named: readonly Thing[];
  /** Of those that rules select besides. */
  readonly covered: readonly Thing[];
  readonly coveredCount: number;
  /** Names and ids that no job has that is seen. */
  readonly missing: readonly string[];
};

/** One pass over the list. */
async function lookOver(ward: Ward): Promise<Look> {
  const wanted = wantedIn(ward);
  const found: Thing[] = [];
  const covered: Thing[] = [];
  const rules = (ward.loaded?.rules ?? []).filter(({ kind, mode }) => kind === 'job' && mode !== 'forbid');
  const survey = (id: string, features: Features): false => {
    const job = { id, name: String(features['name'] ?? '') };
    if (wanted.has(id) || wanted.has(job.name)) found.push(job);
    else if (rules.some(({ selector }) => select(selector, features) === 'yes')) covered.push(job);
    return false;
  };
  const jobs = KINDS.find(({ name }) => name === 'job')?.connect(ward.client);
  const listing = await jobs?.find([], { seen: null, survey });
  const names = new Set(found.flatMap(({ id, name }) => [id, name]));
  return {
    seen: listing?.seen ?? 0,
    named: found.sort(byName),
    covered: spread(covered.sort(byName)),
    coveredCount: covered.length,
    missing: [...wanted].filter((one) => !names.has(one)),
  };
}

function byName(a: Thing, b: Thing): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function wantedIn({ loaded }: Ward): ReadonlySet<string> {
  const jobs = (loaded?.resources ?? []).filter(({ kind }) => kind === 'job');
  return new Set(jobs.map(({ id, name }) => id ?? name));
}

/** From all over the names: those that begin alike often belong to one team. */
function spread(jobs: readonly Thing[]): readonly Thing[] {
  const step = Math.max(1, Math.ceil(jobs.length / SAMPLE));
  return jobs.filter((_job, at) => at % step === 0);
}

function seenFinding({ seen }: Look, record: RecordDocument | null): Finding {
  const before = record?.jobs_seen ?? null;
  if (before === null) return { ...SEEN, status: 'ok', detail: `${seen}; no apply has counted them yet` };
  const detail = `${seen}; the last apply saw ${before}, as ${record?.identity ?? 'somebody'}`;
  if (seen >= before) return { ...SEEN, status: 'ok', detail };
  const remedy =
    'give this identity CAN_VIEW on the jobs, or plan and apply as one identity; fewer are right where jobs were deleted';
  return { ...SEEN, status: 'warning', detail, remedy };
}

function changeFindings(ward: Ward, look: Look): Promise<readonly Finding[]> {
  const things = [...look.named.slice(0, MOST_NAMED), ...look.covered];
  const remark = look.coveredCount > look.covered.length ? sampleOf(look) : '';
  const asked = { kind: 'job', plural: 'jobs', things, remark };
  return managedFindings(ward, asked, { managed: MANAGED.code, untold: UNTOLD.code });
}

function sampleOf({ covered, coveredCount }: Look): string {
  return `; ${covered.length} of the ${coveredCount} that rules select were looked at`;
}
