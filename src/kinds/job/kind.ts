import { entryText, type Entry } from '../../core/entry.ts';
import type { Declared, Obstacle } from '../../core/resource.ts';
import { isList, type Spec } from '../../core/value.ts';
import type { DeclaredNames, Judgement, Kind } from '../kind.ts';
import { connectJobs } from './api.ts';
import { observeJob } from './observe.ts';
import { jobSchema } from './schema.ts';
import { EVENTS, MAX_DESTINATIONS_PER_EVENT } from './shape.ts';
import { readStatement, type Statement } from './statement.ts';

export const job: Kind = {
  name: 'job',
  section: 'jobs',
  title: 'jobs',
  docs: 'https://docs.databricks.com/api/workspace/jobs/update',
  ownership: 'part',
  // jobs/update checks what it takes and stores all of it or nothing; a read would cost a request per job, or three.
  isReadBack: false,
  schema: jobSchema,
  rules: [],
  resolve,
  observe: observeJob,
  isSame: (declared, observed) => declared.name === observed.name,
  judge,
  audience,
  connect: connectJobs,
};

function resolve(key: string, entry: Entry, names: DeclaredNames): Declared {
  const id = entryText(entry['id']);
  const mode = entry['mode'] === 'ensure' ? 'ensure' : 'exact';
  const statement = readStatement(entry, mode, names);
  return {
    name: entryText(entry['name']) || key,
    ...(id === '' ? {} : { id }),
    traits: {},
    wishes: statement.wishes,
    origins: statement.origins,
    isExisting: false,
    adoption: 'write',
    findings: [...idFindings(entry, id), ...statement.findings, ...emptyFindings(statement)],
  };
}

function emptyFindings({ wishes, findings }: Statement): Declared['findings'] {
  if (Object.keys(wishes).length > 0 || findings.length > 0) return [];
  const hint = 'add for example `notify: { on_failure: [oncall@example.com] }`, or drop the entry';
  const message = 'this entry states nothing, so nobody is told because of it';
  return [{ code: 'nothing-stated', severity: 'warning', path: [], message, hint }];
}

function idFindings(entry: Entry, id: string): Declared['findings'] {
  if (id !== '' && !/^[1-9]\d{0,18}$/.test(id)) {
    const hint = 'the number in the job\'s address, for example "123456789012345"; or use `name`';
    return [
      { code: 'bad-job-id', severity: 'error', path: ['id'], message: `"${id}" is not a job id`, hint },
    ];
  }
  if (id !== '' && entry['name'] !== undefined) {
    const hint = 'drop `name`';
    const message = 'a job is named by `id` or by `name`, not both: the id would win';
    return [{ code: 'id-and-name', severity: 'error', path: ['name'], message, hint }];
  }
  return [];
}

function judge(target: Spec): Judgement {
  return { obstacles: crowded(target), warnings: silentEvents(target) };
}

function crowded(target: Spec): readonly Obstacle[] {
  return Object.entries(target).flatMap(([path, value]) => {
    if (!path.startsWith('webhook_notifications.') || !isList(value)) return [];
    if (value.length <= MAX_DESTINATIONS_PER_EVENT) return [];
    const event = path.slice(path.indexOf('.') + 1);
    const message = `${event} would have ${value.length} destinations with those that are already there; Databricks allows ${MAX_DESTINATIONS_PER_EVENT}`;
    return [{ reason: 'more-than-three', message, hint: 'drop one, or state the event exactly' }];
  });
}

/** Duration and backlog events are accepted without their health rule, and then never fire. */
function silentEvents(target: Spec): readonly Obstacle[] {
  return Object.entries(EVENTS).flatMap(([event, { needs }]) => {
    const isTold = ['email_notifications', 'webhook_notifications'].some(
      (side) => count(target, `${side}.${event}`) > 0,
    );
    const hasRule = Object.keys(target).some(
      (path) => path.startsWith(`health.${needs}`) && target[path] !== null,
    );
    if (needs === undefined || !isTold || hasRule) return [];
    const metric = needs === 'RUN_DURATION_' ? 'RUN_DURATION_SECONDS' : `${needs}*`;
    const message = `${event} never fires: the job has no ${metric} health rule`;
    return [{ reason: 'needs-health-rule', message, hint: `add a health rule for ${metric}` }];
  });
}

function audience(spec: Spec): Readonly<Record<string, number>> {
  return {
    job: count(spec, 'email_notifications.on_failure') + count(spec, 'webhook_notifications.on_failure'),
  };
}

function count(spec: Spec, path: string): number {
  const value = spec[path];
  return isList(value) ? value.length : 0;
}
