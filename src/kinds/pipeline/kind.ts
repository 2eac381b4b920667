import { entryText, type Entry } from '../../core/entry.ts';
import type { Declared } from '../../core/resource.ts';
import type { DeclaredNames, Kind } from '../kind.ts';
import { connectPipelines } from './api.ts';
import { pipelineBundleBlock } from './bundle-block.ts';
import { audienceOf, judgePipeline } from './judge.ts';
import { observePipeline } from './observe.ts';
import { pipelineSchema } from './schema.ts';
import { readStatement, type Statement } from './statement.ts';

export const pipeline: Kind = {
  name: 'pipeline',
  section: 'pipelines',
  title: 'pipelines',
  docs: 'https://docs.databricks.com/api/workspace/pipelines/update',
  ownership: 'part',
  isPointedAt: false,
  // Its alerts are plain texts to the API, which may drop what it does not know.
  isReadBack: true,
  schema: pipelineSchema,
  rules: [],
  resolve,
  observe: observePipeline,
  isSame: (declared, observed) => declared.name === observed.name,
  judge: judgePipeline,
  audience: audienceOf,
  bundleBlock: pipelineBundleBlock,
  typedAt: (path) => ['notify', ...path.split('.').slice(1)],
  access: {
    need: 'level',
    writes: ['CAN_MANAGE', 'IS_OWNER'],
    others: ['CAN_VIEW', 'CAN_RUN'],
    page: (id) => `/pipelines/${encodeURIComponent(id)}`,
  },
  connect: connectPipelines,
};

function resolve(key: string, entry: Entry, names: DeclaredNames): Declared {
  const id = entryText(entry['id']);
  const mode = entry['mode'] === 'ensure' ? 'ensure' : 'exact';
  const statement = readStatement(entry, mode, names);
  return {
    name: entryText(entry['name']) || key,
    ...(id === '' ? {} : { id: id.toLowerCase() }),
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
  const hint = 'add for example `notify: { on-update-failure: [oncall@example.com] }`, or drop the entry';
  const message = 'this entry states nothing, so nobody is told because of it';
  return [{ code: 'nothing-stated', severity: 'warning', path: [], message, hint }];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function idFindings(entry: Entry, id: string): Declared['findings'] {
  if (id !== '' && !id.includes('${') && !UUID.test(id)) {
    const hint = "the last part of the pipeline's address, 32 digits and letters with dashes; or use `name`";
    const message = `"${id}" is not a pipeline id`;
    return [{ code: 'bad-pipeline-id', severity: 'error', path: ['id'], message, hint }];
  }
  if (id !== '' && entry['name'] !== undefined) {
    const hint = 'drop `name`';
    const message = 'a pipeline is named by `id` or by `name`, not both: the id would win';
    return [{ code: 'id-and-name', severity: 'error', path: ['name'], message, hint }];
  }
  return [];
}
