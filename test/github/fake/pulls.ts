import { type Answer, notFound } from './answer.ts';
import { fullPullBody, pullBody } from './bodies.ts';
import { type Call, issueOf, knownCommit, ok } from './call.ts';
import { pageOf } from './paging.ts';

export function getPull(call: Call): Answer {
  const issue = issueOf(call);
  if (issue.pull === null) throw notFound();
  return ok(fullPullBody(call, issue, issue.pull));
}

/** What is on the default branch came there by a merge; any other commit may be in open pull requests too. */
export function listPullsOfCommit(call: Call): Answer {
  const { repository } = call;
  const sha = knownCommit(repository, call.params['ref'] ?? '');
  const found = [...repository.issues.values()].flatMap((issue) => {
    const { pull } = issue;
    if (pull === null || !pull.commits.includes(sha)) return [];
    const isOpen = issue.state === 'open' && !repository.onDefault.has(sha);
    return pull.mergedAt !== null || isOpen ? [pullBody(call, issue, pull)] : [];
  });
  const { items, headers } = pageOf(found, call.url);
  return ok(items, headers);
}
