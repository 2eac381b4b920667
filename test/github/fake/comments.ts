import { authorize } from './access.ts';
import { type Answer, notFound, Refusal, unprocessable } from './answer.ts';
import { commentBody } from './bodies.ts';
import { type Call, issueOf, lengthOf, ok, textOf } from './call.ts';
import { pageOf } from './paging.ts';
import { actorOf, type IssueComment, nextId, type World } from './state.ts';

export function listComments(call: Call): Answer {
  const { number } = issueOf(call);
  const since = Date.parse(call.url.searchParams.get('since') ?? '');
  const found = call.repository.comments
    .filter(({ issue }) => issue === number)
    .filter(({ updatedAt }) => Number.isNaN(since) || updatedAt >= since);
  const { items, headers } = pageOf(found, call.url);
  return ok(
    items.map((comment) => commentBody(call, comment)),
    headers,
  );
}

export function createComment(call: Call): Answer {
  const { world, repository, identity } = call;
  const issue = issueOf(call);
  if (issue.pull === null) authorize(identity, 'issues=write');
  if (issue.isLocked) {
    throw new Refusal(403, { message: 'Unable to create comment because issue is locked.' });
  }
  const comment = newComment(world, {
    issue: issue.number,
    author: actorOf(identity),
    body: commentText(call),
  });
  repository.comments.push(comment);
  return { status: 201, body: commentBody(call, comment) };
}

/** Not yet in any repository. */
export function newComment(
  world: World,
  said: Pick<IssueComment, 'issue' | 'author' | 'body'>,
): IssueComment {
  const id = nextId(world);
  return {
    ...said,
    id,
    nodeId: `IC_kwDO${id}`,
    createdAt: world.now,
    updatedAt: world.now,
    edits: 0,
    isMinimized: false,
    minimizedReason: null,
  };
}

export function updateComment(call: Call): Answer {
  const { world, repository, identity } = call;
  const comment = repository.comments.find(({ id }) => id === Number(call.params['id']));
  if (comment === undefined) throw notFound();
  if (repository.issues.get(comment.issue)?.pull === null) authorize(identity, 'issues=write');
  comment.body = commentText(call);
  comment.updatedAt = world.now;
  comment.edits += 1;
  return ok(commentBody(call, comment));
}

function commentText(call: Call): string {
  const text = textOf(call, 'body') ?? '';
  if (text.trim() === '') throw unprocessable('IssueComment', 'data', 'Body cannot be blank');
  if (lengthOf(text) <= 65_536) return text;
  throw unprocessable('IssueComment', 'data', 'Body is too long (maximum is 65536 characters)');
}
