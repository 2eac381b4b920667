import { authorize } from './access.ts';
import { type Answer, Refusal, unprocessable } from './answer.ts';
import { issueBody, labelBody } from './bodies.ts';
import { type Call, issueOf, lengthOf, ok, textOf } from './call.ts';
import { pageOf } from './paging.ts';
import { actorOf, closeIssue, type Issue, newIssue, nextNumber, reopenIssue } from './state.ts';

export function listLabels(call: Call): Answer {
  const { items, headers } = pageOf(call.repository.labels, call.url);
  return ok(
    items.map((name) => labelBody(call, name)),
    headers,
  );
}

export function listIssues(call: Call): Answer {
  const wanted = call.url.searchParams;
  const state = wanted.get('state') ?? 'open';
  const labels = (wanted.get('labels') ?? '').split(',').filter((name) => name !== '');
  const creator = wanted.get('creator');
  const found = [...call.repository.issues.values()]
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => labels.every((name) => issue.labels.includes(name)))
    .filter((issue) => creator === null || issue.author.login === creator)
    .sort(issueOrder(wanted));
  const { items, headers } = pageOf(found, call.url);
  return ok(
    items.map((issue) => issueBody(call, issue)),
    headers,
  );
}

function issueOrder(wanted: URLSearchParams): (left: Issue, right: Issue) => number {
  const sign = wanted.get('direction') === 'asc' ? 1 : -1;
  const moment = (issue: Issue): number =>
    wanted.get('sort') === 'updated' ? issue.updatedAt : issue.createdAt;
  return (left, right) => sign * (moment(left) - moment(right) || left.number - right.number);
}

export function createIssue(call: Call): Answer {
  const { world, repository, identity } = call;
  if (!repository.hasIssues)
    throw new Refusal(410, { message: 'Issues has been disabled in this repository.' });
  const title = textOf(call, 'title') ?? '';
  if (title.trim() === '') throw unprocessable('Issue', 'title', "title can't be blank");
  const said = { title, body: checkedIssueBody(call) ?? null, labels: labelsOf(call) ?? [] };
  const issue = newIssue(world, { number: nextNumber(repository), author: actorOf(identity), ...said });
  repository.issues.set(issue.number, issue);
  return { status: 201, body: issueBody(call, issue) };
}

export function updateIssue(call: Call): Answer {
  const { world, identity } = call;
  const issue = issueOf(call);
  if (issue.pull === null) authorize(identity, 'issues=write');
  const body = checkedIssueBody(call);
  issue.title = textOf(call, 'title') ?? issue.title;
  if (body !== undefined) issue.body = body;
  issue.labels = labelsOf(call) ?? issue.labels;
  const state = textOf(call, 'state');
  const reason = textOf(call, 'state_reason');
  if (state === 'closed' && issue.state === 'open') {
    closeIssue(world, issue, actorOf(identity));
    issue.stateReason = reason ?? 'completed';
  }
  if (state === 'open' && issue.state === 'closed') {
    reopenIssue(world, issue);
    issue.stateReason = reason ?? 'reopened';
  }
  issue.updatedAt = world.now;
  return ok(issueBody(call, issue));
}

function checkedIssueBody(call: Call): string | null | undefined {
  if (call.body['body'] === null) return null;
  const body = textOf(call, 'body');
  if (body !== undefined && lengthOf(body) > 65_536) {
    throw unprocessable('Issue', 'body', 'body is too long (maximum is 65536 characters)');
  }
  return body;
}

/** Labels that nobody made yet are made on the way, as GitHub does. */
function labelsOf(call: Call): readonly string[] | undefined {
  const { labels } = call.body;
  if (!Array.isArray(labels)) return undefined;
  const names = labels.map((label: string | { readonly name: string }) =>
    typeof label === 'string' ? label : label.name,
  );
  const { repository } = call;
  repository.labels.push(...names.filter((name) => !repository.labels.includes(name)));
  return names;
}
