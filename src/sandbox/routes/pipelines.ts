import { type Answer, denied, invalid, missing, ok, Refusal } from '../answer.ts';
import { exactNumber, integerText, isObject, type JsonObject, textAt } from '../json.ts';
import { cursorFrom, cutPage, pageSize } from '../paging.ts';
import { nameOf, type Pipeline, replaced, rowOf, shownPipeline } from '../pipeline.ts';
import { type Call, jsonBody, type Route } from '../route.ts';
import { holds } from '../identity.ts';

const PATH = '/api/2.0/pipelines';

/** Declarative pipelines: rows of the list have no spec, and an update replaces everything. */
export const PIPELINE_ROUTES: readonly Route[] = [
  { method: 'GET', path: PATH, answer: list },
  { method: 'GET', path: `${PATH}/{id}`, answer: get },
  { method: 'PUT', path: `${PATH}/{id}`, answer: update },
];

function list(call: Call): Answer {
  const { workspace } = call.world;
  const size = pageSize(call.query, { parameter: 'max_results', usual: 25, max: 100 });
  const fits = filterFrom(call.query.get('filter') ?? '');
  const rows = workspace.pipelines.values().filter((pipeline) => canView(call, pipeline) && fits(pipeline));
  const scope = `pipelines ${call.query.get('filter') ?? ''}`;
  const cursor = cursorFrom(scope, call.query.get('page_token'));
  const page = cutPage(rows, size, { scope, cursor, offset: 0, listing: 0 });
  return ok({
    ...(page.rows.length === 0 ? {} : { statuses: page.rows.map(rowOf) }),
    ...(page.next === undefined ? {} : { next_page_token: page.next }),
  });
}

function get(call: Call): Answer {
  const truth = call.world.workspace.pipelines.get(idFrom(call));
  if (truth === undefined) throw notFound(idFrom(call));
  if (!canView(call, truth)) throw notPermitted(call, 'View');
  const pipeline = call.world.workspace.pipelines.read(truth.id) ?? truth;
  return ok(shownPipeline(pipeline, exactNumber(pipeline.lastModified)));
}

function update(call: Call): Answer {
  const { workspace, behaviour } = call.world;
  const old = workspace.pipelines.get(idFrom(call));
  if (old === undefined) throw notFound(idFrom(call));
  if (!canManage(call, old)) throw notPermitted(call, 'Manage');
  const body = jsonBody(call);
  checkUnchanged(old, body);
  checkRunAs(call, old, body);
  const next = replaced(old, body, workspace.now());
  checkName(call, { old, next, isAllowed: body['allow_duplicate_names'] === true });
  workspace.pipelines.set(old.id, next, behaviour.staleReads);
  return ok();
}

/** @throws Refusal (409): the status of that conflict is not documented, and this one is the likeliest. */
function checkUnchanged({ id, lastModified }: Pipeline, body: JsonObject): void {
  if (body['expected_last_modified'] === undefined) return;
  const expected = integerText(body['expected_last_modified']);
  if (expected === undefined) throw invalid('expected_last_modified must be a whole number.');
  if (BigInt(lastModified) <= BigInt(expected)) return;
  throw new Refusal(
    409,
    'RESOURCE_CONFLICT',
    `The settings of pipeline ${id} were modified after ${expected}.`,
  );
}

/** Running as somebody else takes rights on that identity. */
function checkRunAs({ identity }: Call, old: Pipeline, body: JsonObject): void {
  const runAs = body['run_as'];
  if (!isObject(runAs) || identity.isAdmin || textAt(runAs, 'user_name') === identity.name) return;
  if (JSON.stringify(runAs) === JSON.stringify(old.runAs)) return;
  throw denied(`User ${identity.name} may not make a pipeline run as another identity.`);
}

type Renaming = { readonly old: Pipeline; readonly next: Pipeline; readonly isAllowed: boolean };

/** Only a new name is held against those of others. */
function checkName(call: Call, { old, next, isAllowed }: Renaming): void {
  const name = nameOf(next);
  if (isAllowed || name === nameOf(old)) return;
  const others = call.world.workspace.pipelines.values().filter(({ id }) => id !== old.id);
  if (others.some((other) => nameOf(other) === name))
    throw invalid(`The pipeline name '${name}' is already used by another pipeline.`);
}

const FILTER = /^(?<field>name|notebook)\s*(?:LIKE|=)\s*'(?<pattern>[^']*)'$/i;

/** @throws Refusal (400) for what is neither `name LIKE '…'` nor `notebook='…'`. */
function filterFrom(filter: string): (pipeline: Pipeline) => boolean {
  if (filter === '') return () => true;
  const { field, pattern = '' } = FILTER.exec(filter)?.groups ?? {};
  if (field === undefined) throw invalid(`Invalid filter: ${filter}`);
  if (field.toLowerCase() === 'notebook') return () => false;
  const like = new RegExp(`^${likeSource(pattern)}$`, 'su');
  return (pipeline) => like.test(nameOf(pipeline));
}

/** `%` stands for anything and `_` for one character. */
function likeSource(pattern: string): string {
  const literal = pattern.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return literal.replaceAll('%', '.*').replaceAll('_', '.');
}

function canManage({ identity }: Call, { id, creator }: Pipeline): boolean {
  const holders = [identity, ...identity.groups];
  const isHeld = holders.some(({ managedPipelines }) => holds(managedPipelines, id));
  return identity.isAdmin || creator === identity.name || isHeld;
}

function canView(call: Call, pipeline: Pipeline): boolean {
  return canManage(call, pipeline) || holds(call.identity.viewedPipelines, pipeline.id);
}

function idFrom(call: Call): string {
  return call.params['id'] ?? '';
}

function notPermitted(call: Call, right: string): Refusal {
  return denied(`User ${call.identity.name} does not have ${right} permissions on pipeline ${idFrom(call)}.`);
}

function notFound(id: string): Refusal {
  return missing(`The specified pipeline ${id} was not found.`);
}
