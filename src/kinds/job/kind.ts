import { entryText, type Entry } from '../../core/entry.ts';
import type { Declared } from '../../core/resource.ts';
import type { DeclaredNames, Kind } from '../kind.ts';
import { connectJobs } from './api.ts';
import { jobBundleBlock } from './bundle-block.ts';
import { audienceOf, judgeJob } from './judge.ts';
import { observeJob } from './observe.ts';
import { jobRules } from './rule.ts';
import { jobSchema } from './schema.ts';
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
  judge: judgeJob,
  audience: audienceOf,
  byRule: jobRules,
  bundleBlock: jobBundleBlock,
  access: {
    need: 'level',
    writes: ['CAN_MANAGE', 'IS_OWNER'],
    others: ['CAN_VIEW', 'CAN_MANAGE_RUN'],
    page: (id) => `/jobs/${encodeURIComponent(id)}`,
  },
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
    consents: statement.consents,
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
