import { createHash } from 'node:crypto';
import type { Fault } from './faults.ts';

export type Area = 'contents' | 'issues' | 'pull_requests' | 'checks';
export type Level = 'none' | 'read' | 'write';
export type App = { readonly id: number; readonly slug: string };

/** Who is behind a token: the installation of an app, or a user. */
export type Identity = {
  readonly login: string;
  readonly app?: App;
  /** Whatever is left out may be written. */
  readonly permissions?: Readonly<Partial<Record<Area, Level>>>;
};

export type Actor = {
  readonly login: string;
  readonly type: 'User' | 'Bot';
  readonly app: App | null;
};

/** What GITHUB_TOKEN is in every workflow. */
export const GITHUB_ACTIONS: Identity = {
  login: 'github-actions[bot]',
  app: { id: 15_368, slug: 'github-actions' },
};

/** An issue, or a pull request: GitHub numbers, lists and locks them alike. */
export type Issue = {
  readonly id: number;
  readonly number: number;
  readonly author: Actor;
  readonly createdAt: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: string | null;
  isLocked: boolean;
  labels: readonly string[];
  updatedAt: number;
  closedAt: number | null;
  closedBy: Actor | null;
  readonly pull: Pull | null;
};

export type Pull = {
  isDraft: boolean;
  /** `repository` is null once a fork is deleted. */
  readonly head: { readonly ref: string; sha: string; repository: string | null };
  readonly base: { readonly ref: string; sha: string };
  /** Of the branch, and those that its merge made. */
  commits: readonly string[];
  mergedAt: number | null;
  mergedBy: Actor | null;
  /** As long as nothing is merged, the commit that a merge would make. */
  mergeCommitSha: string | null;
};

export type IssueComment = {
  readonly id: number;
  readonly nodeId: string;
  /** Number of the issue or pull request. */
  readonly issue: number;
  readonly author: Actor;
  readonly createdAt: number;
  body: string;
  updatedAt: number;
  /** How often the body was written again. */
  edits: number;
  isMinimized: boolean;
  minimizedReason: string | null;
};

export type CheckRun = {
  readonly id: number;
  readonly nodeId: string;
  readonly headSha: string;
  readonly app: App;
  name: string;
  status: string;
  conclusion: string | null;
  output: { readonly title: string | null; readonly summary: string | null; readonly text: string | null };
  externalId: string;
  detailsUrl: string;
  htmlUrl: string;
  startedAt: number;
  completedAt: number | null;
};

export type Repository = {
  readonly id: number;
  readonly fullName: string;
  readonly defaultBranch: string;
  readonly isPrivate: boolean;
  readonly hasIssues: boolean;
  /** Every commit that the repository knows. */
  readonly commits: Set<string>;
  /** Those among them that are on the default branch. */
  readonly onDefault: Set<string>;
  readonly branches: Map<string, string>;
  readonly labels: string[];
  readonly issues: Map<number, Issue>;
  readonly comments: IssueComment[];
  readonly checks: CheckRun[];
};

export type LoggedRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed; null where there was none. */
  readonly body: unknown;
  /** Login behind the token; null where GitHub does not know it. */
  readonly identity: string | null;
  /** 0 where the connection was cut. */
  readonly status: number;
};

export type World = {
  readonly tokens: Map<string, Identity>;
  readonly repositories: readonly Repository[];
  readonly requests: LoggedRequest[];
  readonly faults: Fault[];
  /** Milliseconds since 1970; a second more with every request. */
  now: number;
  lastId: number;
  /** Of this hour; nothing counts it down. */
  requestsLeft: number;
};

export type RepositorySeed = {
  readonly fullName: string;
  readonly defaultBranch?: string;
  readonly isPrivate?: boolean;
  readonly hasIssues?: boolean;
  readonly labels?: readonly string[];
};

export type Seed = {
  /** The first one is what the methods of the fake are about; `acme/notifications` where none is named. */
  readonly repositories?: readonly RepositorySeed[];
  /** `github-token` of GitHub Actions where none is named. */
  readonly tokens?: Readonly<Record<string, Identity>>;
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  readonly requestsLeft?: number;
};

export function newWorld(seed: Seed): World {
  const { repositories = [{ fullName: 'acme/notifications' }], tokens = { 'github-token': GITHUB_ACTIONS } } =
    seed;
  return {
    tokens: new Map(Object.entries(tokens)),
    repositories: repositories.map((each, index) => newRepository(each, 700_000_001 + index)),
    requests: [],
    faults: [],
    now: seed.startedAt ?? Date.UTC(2026, 0, 5, 9),
    // Ids on GitHub have long outgrown 32 bits.
    lastId: 5_000_000_000,
    requestsLeft: seed.requestsLeft ?? 987,
  };
}

function newRepository(seed: RepositorySeed, id: number): Repository {
  const { fullName, defaultBranch = 'main', isPrivate = true, hasIssues = true, labels = [] } = seed;
  const first = shaOf(`${fullName}/${defaultBranch}`);
  return {
    id,
    fullName,
    defaultBranch,
    isPrivate,
    hasIssues,
    commits: new Set([first]),
    onDefault: new Set([first]),
    branches: new Map([[defaultBranch, first]]),
    labels: [...labels],
    issues: new Map(),
    comments: [],
    checks: [],
  };
}

/** A commit's id, always the same for the same name. */
export function shaOf(name: string): string {
  return createHash('sha1').update(name).digest('hex');
}

export function nextId(world: World): number {
  world.lastId += 1;
  return world.lastId;
}

export function actorOf(identity: Identity): Actor {
  const { login, app = null } = identity;
  return { login, type: app === null ? 'User' : 'Bot', app };
}

export function repositoryNamed(world: World, fullName: string): Repository | undefined {
  return world.repositories.find((each) => each.fullName.toLowerCase() === fullName.toLowerCase());
}

/** @param ref an id, or the name of a branch. */
export function commitOf(repository: Repository, ref: string): string | undefined {
  const branch = ref.replace(/^(refs\/)?heads\//, '');
  return repository.commits.has(ref) ? ref : repository.branches.get(branch);
}

export function nextNumber(repository: Repository): number {
  return Math.max(0, ...repository.issues.keys()) + 1;
}

/** Open, and not yet in any repository; not a pull request where none is given. */
export function newIssue(
  world: World,
  said: Pick<Issue, 'number' | 'author' | 'title'> & Partial<Pick<Issue, 'body' | 'labels' | 'pull'>>,
): Issue {
  return {
    body: null,
    labels: [],
    pull: null,
    ...said,
    id: nextId(world),
    createdAt: world.now,
    updatedAt: world.now,
    state: 'open',
    stateReason: null,
    isLocked: false,
    closedAt: null,
    closedBy: null,
  };
}

/** As if `by` had done it now. */
export function closeIssue(world: World, issue: Issue, by: Actor): void {
  issue.state = 'closed';
  issue.closedAt = world.now;
  issue.closedBy = by;
  issue.updatedAt = world.now;
}

export function reopenIssue(world: World, issue: Issue): void {
  issue.state = 'open';
  issue.closedAt = null;
  issue.closedBy = null;
  issue.updatedAt = world.now;
}
