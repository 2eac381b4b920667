import { type Answer, notFound, Refusal } from './answer.ts';
import { checkBody, pageOfCheck } from './bodies.ts';
import { type Call, knownCommit, lengthOf, ok, textOf } from './call.ts';
import { pageOf } from './paging.ts';
import { type CheckRun, nextId, type Repository, type World } from './state.ts';

export function listChecks(call: Call): Answer {
  const { repository } = call;
  const wanted = call.url.searchParams;
  const sha = knownCommit(repository, call.params['ref'] ?? '');
  const newestFirst = repository.checks
    .filter(({ headSha }) => headSha === sha)
    .filter(({ name }) => (wanted.get('check_name') ?? name) === name)
    .filter(({ status }) => (wanted.get('status') ?? status) === status)
    .filter(({ app }) => (wanted.get('app_id') ?? String(app.id)) === String(app.id))
    .toReversed();
  const found = wanted.get('filter') === 'all' ? newestFirst : newestFirst.filter(isLatest);
  const { items, headers } = pageOf(found, call.url);
  return ok({ total_count: found.length, check_runs: items.map((check) => checkBody(call, check)) }, headers);
}

function isLatest(check: CheckRun, index: number, newestFirst: readonly CheckRun[]): boolean {
  return newestFirst.findIndex(({ name, app }) => name === check.name && app.id === check.app.id) === index;
}

export function createCheck(call: Call): Answer {
  const { world, repository, identity } = call;
  if (identity.app === undefined)
    throw new Refusal(403, { message: 'You must authenticate via a GitHub App.' });
  const check = newCheck(world, repository, {
    app: identity.app,
    name: textOf(call, 'name') ?? '',
    headSha: knownCommit(repository, textOf(call, 'head_sha') ?? ''),
  });
  change(call, check);
  repository.checks.push(check);
  return { status: 201, body: checkBody(call, check) };
}

/** Queued, and not yet in the repository. */
export function newCheck(
  world: World,
  repository: Repository,
  asked: Pick<CheckRun, 'app' | 'name' | 'headSha'>,
): CheckRun {
  const id = nextId(world);
  const page = pageOfCheck(repository, id);
  return {
    ...asked,
    id,
    nodeId: `CR_kwDO${id}`,
    status: 'queued',
    conclusion: null,
    output: { title: null, summary: null, text: null },
    externalId: '',
    detailsUrl: page,
    htmlUrl: page,
    startedAt: world.now,
    completedAt: null,
  };
}

export function updateCheck(call: Call): Answer {
  const { repository, identity } = call;
  const check = repository.checks.find(({ id }) => id === Number(call.params['id']));
  if (check === undefined) throw notFound();
  if (check.app.id !== identity.app?.id) {
    const message = `Invalid app_id \`${check.app.id}\` - check run can only be modified by the GitHub App that created it.`;
    throw new Refusal(403, { message });
  }
  change(call, check);
  return ok(checkBody(call, check));
}

function change(call: Call, check: CheckRun): void {
  const output = checkedOutput(call);
  const conclusion = textOf(call, 'conclusion');
  const status = conclusion === undefined ? textOf(call, 'status') : 'completed';
  if (status === 'completed' && conclusion === undefined) {
    throw new Refusal(422, { message: 'Invalid request.\n\n"conclusion" wasn\'t supplied.' });
  }
  check.name = textOf(call, 'name') ?? check.name;
  check.externalId = textOf(call, 'external_id') ?? check.externalId;
  // GitHub keeps its own address for the checks of a workflow's token, whatever it is told.
  if (check.app.slug !== 'github-actions') check.detailsUrl = textOf(call, 'details_url') ?? check.detailsUrl;
  check.startedAt = Date.parse(textOf(call, 'started_at') ?? '') || check.startedAt;
  check.output = { ...check.output, ...output };
  if (status === undefined) return;
  check.status = status;
  check.conclusion = conclusion ?? null;
  const completedAt = Date.parse(textOf(call, 'completed_at') ?? '') || call.world.now;
  check.completedAt = status === 'completed' ? completedAt : null;
}

function checkedOutput(call: Call): Partial<CheckRun['output']> {
  const output = (call.body['output'] ?? {}) as Partial<Record<'title' | 'summary' | 'text', string>>;
  for (const text of [output.summary, output.text]) {
    const length = lengthOf(text ?? '');
    if (length <= 65_535) continue;
    const message = `Invalid request.\n\nOnly 65535 characters are allowed; ${length} were supplied.`;
    throw new Refusal(422, { message });
  }
  const members = (['title', 'summary', 'text'] as const).filter((name) => output[name] !== undefined);
  return Object.fromEntries(members.map((name) => [name, output[name]]));
}
