import { appBody, type Body, numberOf, userBody } from './people.ts';
import { repositoryBody, type RepositoryLook } from './repository-body.ts';
import type { Actor, CheckRun, Issue, IssueComment, Pull, Repository } from './state.ts';

/** Where the API is for its clients, and one of its repositories. */
export type Place = { readonly api: string; readonly repository: Repository };

const WEB = 'https://github.com';

export function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

function timeOrNull(milliseconds: number | null): string | null {
  return milliseconds === null ? null : timeOf(milliseconds);
}

export function commentBody(place: Place, comment: IssueComment): Body {
  const { api, repository } = place;
  const repo = repositoryUrl(place);
  const url = `${repo}/issues/comments/${comment.id}`;
  const { app } = comment.author;
  return {
    url,
    html_url: `${threadUrl(repository, issueOf(repository, comment.issue))}#issuecomment-${comment.id}`,
    issue_url: `${repo}/issues/${comment.issue}`,
    id: comment.id,
    node_id: comment.nodeId,
    user: userBody(api, comment.author),
    created_at: timeOf(comment.createdAt),
    updated_at: timeOf(comment.updatedAt),
    body: comment.body,
    author_association: associationOf(comment.author),
    reactions: reactionsBody(url),
    performed_via_github_app: app === null ? null : appBody(api, app),
    minimized: comment.isMinimized ? { reason: comment.minimizedReason } : null,
  };
}

export function checkBody(place: Place, check: CheckRun): Body {
  const url = `${repositoryUrl(place)}/check-runs/${check.id}`;
  return {
    id: check.id,
    name: check.name,
    node_id: check.nodeId,
    head_sha: check.headSha,
    external_id: check.externalId,
    url,
    html_url: check.htmlUrl,
    details_url: check.detailsUrl,
    status: check.status,
    conclusion: check.conclusion,
    started_at: timeOf(check.startedAt),
    completed_at: timeOrNull(check.completedAt),
    output: { ...check.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: numberOf(`${check.headSha}/${check.app.slug}`) },
    app: appBody(place.api, check.app),
    pull_requests: openPullsAt(place, check.headSha),
  };
}

/** GitHub leaves pull requests from forks out. */
function openPullsAt(place: Place, sha: string): readonly Body[] {
  const { repository } = place;
  const url = repositoryUrl(place);
  const repo = { id: repository.id, url, name: nameOf(repository.fullName) };
  return [...repository.issues.values()].flatMap(({ id, number, pull, state }) => {
    const isHere = pull?.head.sha === sha && pull.head.repository === repository.fullName;
    if (pull === null || !isHere || state !== 'open') return [];
    const { head, base } = pull;
    return [
      {
        url: `${url}/pulls/${number}`,
        id,
        number,
        head: { ref: head.ref, sha, repo },
        base: { ref: base.ref, sha: base.sha, repo },
      },
    ];
  });
}

export function labelBody(place: Place, name: string): Body {
  const id = numberOf(name);
  return {
    id,
    node_id: `LA_${id}`,
    url: `${repositoryUrl(place)}/labels/${encodeURIComponent(name)}`,
    name,
    color: 'ededed',
    default: false,
    description: '',
  };
}

export function issueBody(place: Place, issue: Issue): Body {
  const { api } = place;
  const { author, pull } = issue;
  const url = `${repositoryUrl(place)}/issues/${issue.number}`;
  return {
    ...threadBody(place, issue),
    url,
    repository_url: repositoryUrl(place),
    labels_url: `${url}/labels{/name}`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    comments: commentCount(place, issue),
    state_reason: issue.stateReason,
    closed_by: issue.closedBy === null ? null : userBody(api, issue.closedBy),
    reactions: reactionsBody(url),
    performed_via_github_app: author.app === null ? null : appBody(api, author.app),
    ...(pull && { draft: pull.isDraft, pull_request: pullLinks(place, issue, pull) }),
  };
}

function pullLinks(place: Place, issue: Issue, pull: Pull): Body {
  const page = threadUrl(place.repository, issue);
  return {
    url: `${repositoryUrl(place)}/pulls/${issue.number}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: timeOrNull(pull.mergedAt),
  };
}

/** What issues and pull requests say alike. */
function threadBody(place: Place, issue: Issue): Body {
  const { api, repository } = place;
  return {
    id: issue.id,
    node_id: `${issue.pull === null ? 'I' : 'PR'}_${issue.id}`,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    locked: issue.isLocked,
    active_lock_reason: null,
    user: userBody(api, issue.author),
    author_association: associationOf(issue.author),
    labels: issue.labels.map((name) => labelBody(place, name)),
    assignee: null,
    assignees: [],
    milestone: null,
    created_at: timeOf(issue.createdAt),
    updated_at: timeOf(issue.updatedAt),
    closed_at: timeOrNull(issue.closedAt),
    html_url: threadUrl(repository, issue),
    comments_url: `${repositoryUrl(place)}/issues/${issue.number}/comments`,
  };
}

/** A pull request as lists have it. */
export function pullBody(place: Place, issue: Issue, pull: Pull): Body {
  const repo = repositoryUrl(place);
  const page = threadUrl(place.repository, issue);
  const url = `${repo}/pulls/${issue.number}`;
  const links = {
    self: url,
    html: page,
    issue: `${repo}/issues/${issue.number}`,
    comments: `${repo}/issues/${issue.number}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${repo}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${repo}/statuses/${pull.head.sha}`,
  };
  return {
    ...threadBody(place, issue),
    url,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: links.issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    statuses_url: links.statuses,
    merged_at: timeOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeCommitSha,
    requested_reviewers: [],
    requested_teams: [],
    head: headBody(place, pull),
    base: baseBody(place, pull),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    auto_merge: null,
    draft: pull.isDraft,
  };
}

/** A pull request as its own address has it. */
export function fullPullBody(place: Place, issue: Issue, pull: Pull): Body {
  const isOpen = issue.state === 'open';
  return {
    ...pullBody(place, issue, pull),
    merged: pull.mergedAt !== null,
    mergeable: isOpen ? true : null,
    rebaseable: isOpen ? true : null,
    mergeable_state: isOpen ? 'clean' : 'unknown',
    merged_by: pull.mergedBy === null ? null : userBody(place.api, pull.mergedBy),
    comments: commentCount(place, issue),
    review_comments: 0,
    maintainer_can_modify: false,
    commits: pull.commits.length,
    additions: 1,
    deletions: 1,
    changed_files: 1,
  };
}

function headBody(place: Place, pull: Pull): Body {
  const { ref, sha, repository } = pull.head;
  const isFork = repository !== place.repository.fullName;
  const owner = ownerOf(repository ?? 'ghost/gone');
  const look = { ...lookOf(place), fullName: repository ?? '', isFork };
  return {
    label: `${owner}:${ref}`,
    ref,
    sha,
    user: userBody(place.api, { login: owner, type: isFork ? 'User' : 'Organization' }),
    repo: repository === null ? null : repositoryBody(look),
  };
}

function baseBody(place: Place, pull: Pull): Body {
  const { ref, sha } = pull.base;
  const owner = ownerOf(place.repository.fullName);
  return {
    label: `${owner}:${ref}`,
    ref,
    sha,
    user: userBody(place.api, { login: owner, type: 'Organization' }),
    repo: repositoryBody(lookOf(place)),
  };
}

export function fullRepositoryBody(place: Place): Body {
  return {
    ...repositoryBody(lookOf(place)),
    permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
    allow_rebase_merge: true,
    allow_squash_merge: true,
    allow_merge_commit: true,
    organization: userBody(place.api, { login: ownerOf(place.repository.fullName), type: 'Organization' }),
    network_count: 0,
    subscribers_count: 1,
  };
}

function lookOf(place: Place): RepositoryLook {
  const { api, repository } = place;
  const { fullName, defaultBranch, isPrivate, hasIssues } = repository;
  const open = [...repository.issues.values()].filter(({ state }) => state === 'open').length;
  return { api, fullName, defaultBranch, isPrivate, hasIssues, isFork: false, id: repository.id, open };
}

export function pageOfCheck(repository: Repository, id: number): string {
  return `${WEB}/${repository.fullName}/runs/${id}`;
}

function threadUrl(repository: Repository, issue: Issue): string {
  return `${WEB}/${repository.fullName}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}`;
}

function issueOf(repository: Repository, number: number): Issue {
  const issue = repository.issues.get(number);
  if (issue === undefined) throw new Error(`${repository.fullName} has no issue or pull request ${number}`);
  return issue;
}

function commentCount(place: Place, issue: Issue): number {
  return place.repository.comments.filter((comment) => comment.issue === issue.number).length;
}

function associationOf(author: Actor): string {
  return author.type === 'Bot' ? 'NONE' : 'MEMBER';
}

function reactionsBody(of: string): Body {
  const kinds = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0]));
  return { url: `${of}/reactions`, total_count: 0, ...counts };
}

function repositoryUrl(place: Place): string {
  return `${place.api}/repos/${place.repository.fullName}`;
}

function nameOf(fullName: string): string {
  return fullName.slice(fullName.indexOf('/') + 1);
}

function ownerOf(fullName: string): string {
  return fullName.slice(0, fullName.indexOf('/'));
}
