import type { Finding } from '../../core/doctor.ts';
import type { RecordDocument } from '../../core/record.ts';
import { select, type Features } from '../../core/select.ts';
import { KINDS } from '../../kinds/index.ts';
import { type About, named, probe } from './finding.ts';
import { type Access, readAccess } from './job-access.ts';
import type { Ward } from './visit.ts';

/** What a look over the list of jobs told. */
export type Sighted = {
  /** How many this identity sees; undefined where they could not be listed. */
  readonly seen: number | undefined;
  readonly findings: readonly Finding[];
};

const SEEN = { group: 'permissions', code: 'jobs-seen', title: 'Jobs seen' } as const;
const MANAGED = { group: 'permissions', code: 'jobs-managed', title: 'Jobs that may be changed' } as const;

/** Jobs that rules select are so many that some stand for all. */
const SAMPLE = 20;
const MOST_NAMED = 200;

export async function jobFindings(ward: Ward, record: RecordDocument | null): Promise<Sighted> {
  const told: { look?: Look } = {};
  const seen = await probe(SEEN, async () => {
    told.look = await lookOver(ward);
    return [seenFinding(told.look, record), ...missingFinding(told.look)];
  });
  const { look } = told;
  if (look === undefined) return { seen: undefined, findings: seen };
  const managed = await probe(MANAGED, () => managedFindings(ward, look));
  return { seen: look.seen, findings: [...seen, ...managed] };
}

type Job = { readonly id: string; readonly name: string };

type Look = {
  readonly seen: number;
  /** Of those that the configuration names. */
  readonly named: readonly Job[];
  /** Of those that rules select besides. */
  readonly covered: readonly Job[];
  readonly coveredCount: number;
  /** Names and ids that no job has that is seen. */
  readonly missing: readonly string[];
};

/** One pass over the list. */
async function lookOver(ward: Ward): Promise<Look> {
  const wanted = wantedIn(ward);
  const found: Job[] = [];
  const covered: Job[] = [];
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

function byName(a: Job, b: Job): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function wantedIn({ loaded }: Ward): ReadonlySet<string> {
  const jobs = (loaded?.resources ?? []).filter(({ kind }) => kind === 'job');
  return new Set(jobs.map(({ id, name }) => id ?? name));
}

/** From all over the names: those that begin alike often belong to one team. */
function spread(jobs: readonly Job[]): readonly Job[] {
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

function missingFinding({ missing }: Look): readonly Finding[] {
  if (missing.length === 0) return [];
  const detail = `the configuration names ${named(missing.map((name) => `"${name}"`))}, and this identity sees no such job`;
  const remedy = 'check the names, and that this identity has CAN_VIEW on these jobs';
  return [
    {
      group: 'permissions',
      code: 'jobs-missing',
      title: 'Jobs by name',
      status: 'warning',
      detail,
      remedy,
    },
  ];
}

async function managedFindings({ client, person }: Ward, look: Look): Promise<readonly Finding[]> {
  const jobs = [...look.named.slice(0, MOST_NAMED), ...look.covered];
  if (jobs.length === 0) return [];
  if (person.isAdmin === true)
    return [{ ...MANAGED, status: 'ok', detail: 'all: an admin manages every job' }];
  const verdicts = await Promise.all(jobs.map(({ id }) => readAccess(client, id, person)));
  const those = (access: Access): readonly string[] =>
    jobs.flatMap(({ name, id }, at) => (verdicts[at] === access ? [`${name} (${id})`] : []));
  const sampled = look.coveredCount > look.covered.length ? sampleOf(look) : '';
  return managedFinding(MANAGED, {
    less: those('less'),
    untold: those('untold'),
    count: jobs.length,
    sampled,
  });
}

function sampleOf({ covered, coveredCount }: Look): string {
  return `; ${covered.length} of the ${coveredCount} that rules select were looked at`;
}

type Managed = {
  readonly less: readonly string[];
  readonly untold: readonly string[];
  readonly count: number;
  readonly sampled: string;
};

function managedFinding(about: About, { less, untold, count, sampled }: Managed): readonly Finding[] {
  const isAll = less.length === 0 && untold.length === 0;
  if (isAll)
    return [{ ...about, status: 'ok', detail: `all ${count} that the configuration is about${sampled}` }];
  const remedy = 'give this identity CAN_MANAGE on the jobs, under Permissions on the page of each';
  const lacking: Finding = {
    ...about,
    status: 'problem',
    detail: `${less.length} of the ${count} that the configuration is about may not be: ${named(less)}${sampled}`,
    remedy,
  };
  const hidden: Finding = {
    ...about,
    code: 'jobs-untold',
    status: 'unknown',
    detail: `of ${untold.length} of the ${count} that the configuration is about this identity is not told, as it may lack CAN_MANAGE, or have it through a nested group: ${named(untold)}${sampled}`,
    remedy: `${remedy}; a job that it may not change is skipped and told by an apply`,
  };
  return [...(less.length > 0 ? [lacking] : []), ...(untold.length > 0 ? [hidden] : [])];
}
