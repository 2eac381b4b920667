import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** A body of a webhook, which is what GITHUB_EVENT_PATH holds. */
export type Payload = { [member: string]: unknown };

type Definition = { readonly name: string; readonly examples: readonly Payload[] };

/** Who set the event off; `dependabot` is the bot that gets no secrets and a token that may only read. */
type Sender = 'person' | 'dependabot';

type Common = {
  /** Full name. */
  readonly repository: string;
  /** `main` where it is left out. */
  readonly defaultBranch?: string;
  readonly sender?: Sender;
};

export type PullRequestEvent = Common & {
  /** `opened`, `synchronize`, `closed`, …; it picks the example, if there is one. */
  readonly action: string;
  readonly number: number;
  readonly headSha: string;
  readonly headRef: string;
  /** Full name of a fork; null for one that is deleted; the repository itself where it is left out. */
  readonly headRepo?: string | null;
  /** The default branch where it is left out. */
  readonly baseRef?: string;
  readonly baseSha?: string;
  readonly isDraft?: boolean;
  readonly merged?: boolean;
  readonly mergeCommitSha?: string;
};

export type PushEvent = Common & {
  /** `refs/heads/main` */
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  /** Ids, oldest first; only `after` where they are left out. */
  readonly commits?: readonly string[];
  readonly forced?: boolean;
};

export type WorkflowDispatchEvent = Common & {
  readonly ref: string;
  readonly inputs?: Readonly<Record<string, string>>;
};

export type ScheduleEvent = Common & { readonly schedule: string };

export type MergeGroupEvent = Common & {
  readonly headSha: string;
  readonly headRef: string;
  readonly baseSha: string;
  /** `refs/heads/main` */
  readonly baseRef: string;
};

const NO_COMMIT = '0'.repeat(40);

// An import of a package that is all JSON fails on Node as it is.
const DEFINITIONS = require('@octokit/webhooks-examples') as readonly Definition[];

export function pullRequestEvent(asked: PullRequestEvent): Payload {
  const { action, number, headSha, merged = false } = asked;
  const payload = exampleOf('pull_request', ({ action: of }) => of === action);
  const pull = objectIn(payload, 'pull_request');
  Object.assign(payload, { action, number });
  if (action === 'synchronize') payload['after'] = headSha;
  const isClosed = action === 'closed';
  const closedAt = isClosed ? pull['updated_at'] : null;
  Object.assign(pull, {
    number,
    draft: asked.isDraft ?? false,
    state: isClosed ? 'closed' : 'open',
    closed_at: closedAt,
    merged,
    merged_at: merged ? closedAt : null,
    merged_by: merged ? structuredClone(payload['sender']) : null,
    merge_commit_sha: asked.mergeCommitSha ?? null,
  });
  setBranches(payload, pull, asked);
  setCommon(payload, asked);
  if (asked.sender === 'dependabot') pull['user'] = structuredClone(DEPENDABOT);
  return payload;
}

function setBranches(payload: Payload, pull: Payload, asked: PullRequestEvent): void {
  const { headSha, headRef, repository, headRepo = repository, defaultBranch = 'main' } = asked;
  const head = objectIn(pull, 'head');
  const base = objectIn(pull, 'base');
  const baseRef = asked.baseRef ?? defaultBranch;
  const baseOwner = ownerOf(repository);
  Object.assign(base, { ref: baseRef, label: `${baseOwner}:${baseRef}` });
  if (asked.baseSha !== undefined) base['sha'] = asked.baseSha;
  nameRepository(objectIn(base, 'repo'), repository, defaultBranch);
  const headOwner = headRepo === null ? 'unknown repository' : ownerOf(headRepo);
  Object.assign(head, { sha: headSha, ref: headRef, label: `${headOwner}:${headRef}` });
  objectIn(base, 'user')['login'] = baseOwner;
  if (headRepo === null) {
    head['repo'] = null;
    return;
  }
  objectIn(head, 'user')['login'] = headOwner;
  const repo = objectIn(head, 'repo');
  nameRepository(repo, headRepo, defaultBranch);
  if (headRepo === repository) return;
  // Another repository has another id; that is how some tell a fork.
  Object.assign(repo, { fork: true, id: Number(objectIn(payload, 'repository')['id']) + 1 });
}

export function pushEvent(asked: PushEvent): Payload {
  const { ref, before, after, commits = [after], forced = false } = asked;
  const payload = exampleOf('push', ({ ref: of }) => String(of).startsWith('refs/heads/'));
  const example = objectIn(payload, 'head_commit');
  const made = after === NO_COMMIT ? [] : commits.map((id) => ({ ...structuredClone(example), id }));
  Object.assign(payload, {
    ref,
    before,
    after,
    forced,
    created: before === NO_COMMIT,
    deleted: after === NO_COMMIT,
    commits: made,
    head_commit: after === NO_COMMIT ? null : { ...example, id: after },
  });
  setCommon(payload, asked);
  return payload;
}

export function workflowDispatchEvent(asked: WorkflowDispatchEvent): Payload {
  const payload = exampleOf('workflow_dispatch', () => true);
  Object.assign(payload, { ref: asked.ref, inputs: asked.inputs ?? null });
  setCommon(payload, asked);
  return payload;
}

/** GitHub has no webhook for it; runs of a schedule get its line and the repository. */
export function scheduleEvent(asked: ScheduleEvent): Payload {
  const { repository } = exampleOf('push', ({ ref }) => String(ref).startsWith('refs/heads/'));
  const payload = { schedule: asked.schedule, workflow: '.github/workflows/drift.yml', repository };
  setCommon(payload, asked);
  return payload;
}

export function mergeGroupEvent(asked: MergeGroupEvent): Payload {
  const payload = exampleOf('merge_group', ({ action }) => action === 'checks_requested');
  const group = objectIn(payload, 'merge_group');
  Object.assign(group, {
    head_sha: asked.headSha,
    head_ref: asked.headRef,
    base_sha: asked.baseSha,
    base_ref: asked.baseRef,
  });
  objectIn(group, 'head_commit')['id'] = asked.headSha;
  setCommon(payload, asked);
  return payload;
}

function exampleOf(event: string, isWanted: (payload: Payload) => boolean): Payload {
  const examples = DEFINITIONS.find(({ name }) => name === event)?.examples ?? [];
  const example = examples.find(isWanted) ?? examples[0];
  if (example === undefined) throw new Error(`there is no example of ${event}`);
  return structuredClone(example);
}

function setCommon(payload: Payload, asked: Common): void {
  nameRepository(objectIn(payload, 'repository'), asked.repository, asked.defaultBranch ?? 'main');
  if (asked.sender === 'dependabot') payload['sender'] = structuredClone(DEPENDABOT);
}

function nameRepository(repository: Payload, fullName: string, defaultBranch: string): void {
  const owner = objectIn(repository, 'owner');
  const login = ownerOf(fullName);
  Object.assign(owner, 'name' in owner ? { login, name: login } : { login });
  Object.assign(repository, {
    name: fullName.slice(login.length + 1),
    full_name: fullName,
    html_url: `https://github.com/${fullName}`,
    default_branch: defaultBranch,
  });
  if ('master_branch' in repository) repository['master_branch'] = defaultBranch;
}

function ownerOf(fullName: string): string {
  return fullName.slice(0, fullName.indexOf('/'));
}

function objectIn(payload: Payload, member: string): Payload {
  const value = payload[member];
  if (typeof value !== 'object' || value === null) throw new Error(`the example has no ${member}`);
  return value as Payload;
}

const DEPENDABOT: Payload = {
  login: 'dependabot[bot]',
  id: 49_699_333,
  node_id: 'MDM6Qm90NDk2OTkzMzM=',
  avatar_url: 'https://avatars.githubusercontent.com/in/29110?v=4',
  gravatar_id: '',
  url: 'https://api.github.com/users/dependabot%5Bbot%5D',
  html_url: 'https://github.com/apps/dependabot',
  followers_url: 'https://api.github.com/users/dependabot%5Bbot%5D/followers',
  following_url: 'https://api.github.com/users/dependabot%5Bbot%5D/following{/other_user}',
  gists_url: 'https://api.github.com/users/dependabot%5Bbot%5D/gists{/gist_id}',
  starred_url: 'https://api.github.com/users/dependabot%5Bbot%5D/starred{/owner}{/repo}',
  subscriptions_url: 'https://api.github.com/users/dependabot%5Bbot%5D/subscriptions',
  organizations_url: 'https://api.github.com/users/dependabot%5Bbot%5D/orgs',
  repos_url: 'https://api.github.com/users/dependabot%5Bbot%5D/repos',
  events_url: 'https://api.github.com/users/dependabot%5Bbot%5D/events{/privacy}',
  received_events_url: 'https://api.github.com/users/dependabot%5Bbot%5D/received_events',
  type: 'Bot',
  site_admin: false,
};
