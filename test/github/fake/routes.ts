import type { Answer } from './answer.ts';
import { fullRepositoryBody } from './bodies.ts';
import { type Call, ok } from './call.ts';
import { createCheck, listChecks, updateCheck } from './checks.ts';
import { createComment, listComments, updateComment } from './comments.ts';
import { createIssue, listIssues, listLabels, updateIssue } from './issues.ts';
import { getPull, listPullsOfCommit } from './pulls.ts';

export type Route = {
  readonly method: string;
  readonly path: RegExp;
  /** Page of the documentation, below docs.github.com. */
  readonly docs: string;
  /** As in the header x-accepted-github-permissions. */
  readonly accepted: string;
  readonly answer: (call: Call) => Answer;
};

const READ = 'issues=read; pull_requests=read';
const WRITE = 'issues=write; pull_requests=write';

export const ROUTES: readonly Route[] = [
  route('GET ', 'repos/repos#get-a-repository', 'metadata=read', (call) => ok(fullRepositoryBody(call))),
  route('GET /labels', 'issues/labels#list-labels-for-a-repository', READ, listLabels),
  route('GET /issues', 'issues/issues#list-repository-issues', READ, listIssues),
  route('POST /issues', 'issues/issues#create-an-issue', 'issues=write', createIssue),
  route('PATCH /issues/:number', 'issues/issues#update-an-issue', WRITE, updateIssue),
  route('GET /issues/:number/comments', 'issues/comments#list-issue-comments', READ, listComments),
  route('POST /issues/:number/comments', 'issues/comments#create-an-issue-comment', WRITE, createComment),
  route('PATCH /issues/comments/:id', 'issues/comments#update-an-issue-comment', WRITE, updateComment),
  route('GET /pulls/:number', 'pulls/pulls#get-a-pull-request', 'pull_requests=read', getPull),
  route(
    'GET /commits/:ref/pulls',
    'commits/commits#list-pull-requests-associated-with-a-commit',
    'pull_requests=read',
    listPullsOfCommit,
  ),
  route(
    'GET /commits/:ref/check-runs',
    'checks/runs#list-check-runs-for-a-git-reference',
    'checks=read',
    listChecks,
  ),
  route('POST /check-runs', 'checks/runs#create-a-check-run', 'checks=write', createCheck),
  route('PATCH /check-runs/:id', 'checks/runs#update-a-check-run', 'checks=write', updateCheck),
];

/** @param of method and path, the latter below the repository. */
function route(of: string, docs: string, accepted: string, answer: Route['answer']): Route {
  const [method = '', path = ''] = of.split(' ');
  const pattern = path.replace(/:(\w+)/g, '(?<$1>[^/]+)');
  return {
    method,
    path: new RegExp(`^/repos/(?<owner>[^/]+)/(?<repo>[^/]+)${pattern}$`),
    docs: `rest/${docs}`,
    accepted,
    answer,
  };
}
