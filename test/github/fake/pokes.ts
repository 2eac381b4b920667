import { newCheck } from './checks.ts';
import { newComment } from './comments.ts';
import {
  type Actor,
  type App,
  type CheckRun,
  closeIssue,
  type Issue,
  type IssueComment,
  newIssue,
  nextNumber,
  type Pull,
  reopenIssue,
  type Repository,
  shaOf,
  type World,
} from './state.ts';

/** Who does something, a user where it is not said. */
type Who = { readonly login: string; readonly type?: 'User' | 'Bot'; readonly app?: App };

export type OpenPull = {
  /** The next free one where it is left out. */
  readonly number?: number;
  readonly headSha: string;
  readonly headRef: string;
  /** Full name of the fork that the branch is in; null for one that is deleted. */
  readonly fork?: string | null;
  /** The default branch where it is left out. */
  readonly baseRef?: string;
  readonly title?: string;
  readonly author?: Who;
  readonly isDraft?: boolean;
  /** Of the branch, besides its head. */
  readonly commits?: readonly string[];
};

export type Merge = {
  /** What the merge leaves at the tip of the base. */
  readonly sha: string;
  readonly method: 'merge' | 'squash' | 'rebase';
  /** Of `rebase`: the commits made anew, besides the last one. */
  readonly commits?: readonly string[];
  readonly by?: Who;
};

export type AddComment = Who & { readonly body: string };

export type AddCheck = {
  readonly name: string;
  readonly headSha: string;
  readonly app: App;
  readonly status?: string;
  readonly conclusion?: string | null;
  readonly output?: Partial<CheckRun['output']>;
  readonly externalId?: string;
  readonly detailsUrl?: string;
};

export type AddIssue = {
  readonly title: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  readonly author?: Who;
};

/** What people and other apps do to a repository, and what is in it by now; what is handed out is a copy. */
export type Pokes = {
  /** On the default branch where none is named. */
  readonly pushCommit: (sha: string, branch?: string) => void;
  /** Commit at the tip of a branch, the default one where none is named. */
  readonly tip: (branch?: string) => string;
  /** Returns the number. */
  readonly openPull: (pull: OpenPull) => number;
  /** Puts another commit at the head; with `keep` on top of those before, without it in their place. */
  readonly pushToPull: (number: number, sha: string, kind?: 'force' | 'keep') => void;
  readonly mergePull: (number: number, merge: Merge) => void;
  readonly closePull: (number: number) => void;
  readonly reopenPull: (number: number) => void;
  readonly lock: (number: number) => void;
  readonly unlock: (number: number) => void;
  readonly addComment: (number: number, comment: AddComment) => IssueComment;
  readonly editComment: (id: number, body: string) => void;
  readonly deleteComment: (id: number) => void;
  readonly addCheck: (check: AddCheck) => CheckRun;
  readonly addIssue: (issue: AddIssue) => Issue;
  readonly closeIssue: (number: number) => void;
  /** Oldest first. */
  readonly comments: (number: number) => readonly IssueComment[];
  /** Oldest first; of every commit where none is named. */
  readonly checks: (sha?: string) => readonly CheckRun[];
  /** An issue or a pull request. */
  readonly issue: (number: number) => Issue;
  /** Without pull requests. */
  readonly issues: () => readonly Issue[];
};

const SOMEBODY: Who = { login: 'octocat' };

/** @param at looked up at every call, since a world may be replaced. */
export function pokesOf(at: () => { readonly world: World; readonly repository: Repository }): Pokes {
  return { ...commitPokes(at), ...pullPokes(at), ...threadPokes(at), ...views(at) };
}

type At = Parameters<typeof pokesOf>[0];

function commitPokes(at: At): Pick<Pokes, 'pushCommit' | 'tip' | 'addCheck'> {
  return {
    pushCommit: (sha, branch) => moveBranch(at().repository, branch ?? at().repository.defaultBranch, [sha]),
    tip: (branch) => {
      const { branches, defaultBranch, fullName } = at().repository;
      const sha = branches.get(branch ?? defaultBranch);
      if (sha === undefined) throw new Error(`${fullName} has no branch ${branch}`);
      return sha;
    },
    addCheck: (asked) => {
      const { world, repository } = at();
      const { status = 'completed', conclusion = 'success', output, ...rest } = asked;
      repository.commits.add(asked.headSha);
      const check = newCheck(world, repository, asked);
      const isDone = status === 'completed';
      Object.assign(check, rest, { status, conclusion: isDone ? conclusion : null });
      check.output = { ...check.output, ...output };
      check.completedAt = isDone ? world.now : null;
      repository.checks.push(check);
      return structuredClone(check);
    },
  };
}

/** @param commits from the oldest to the one at the tip. */
function moveBranch(repository: Repository, branch: string, commits: readonly string[]): void {
  for (const sha of commits) {
    repository.commits.add(sha);
    if (branch === repository.defaultBranch) repository.onDefault.add(sha);
  }
  const tip = commits.at(-1);
  if (tip !== undefined) repository.branches.set(branch, tip);
}

function pullPokes(
  at: At,
): Pick<Pokes, 'openPull' | 'pushToPull' | 'mergePull' | 'closePull' | 'reopenPull'> {
  return {
    openPull: (asked) => {
      const { world, repository } = at();
      const number = asked.number ?? nextNumber(repository);
      if (repository.issues.has(number)) throw new Error(`${repository.fullName} has a number ${number}`);
      const { title = `Change ${number}`, author = SOMEBODY } = asked;
      const pull = newPull(repository, asked);
      repository.issues.set(number, newIssue(world, { number, title, author: actor(author), pull }));
      setHead(repository, { pull, commits: [...(asked.commits ?? []), asked.headSha] });
      return number;
    },
    pushToPull: (number, sha, kind = 'force') => {
      const { world, repository } = at();
      const { issue, pull } = pullNumbered(repository, number);
      setHead(repository, { pull, commits: kind === 'keep' ? [...pull.commits, sha] : [sha] });
      issue.updatedAt = world.now;
    },
    mergePull: (number, merge) => {
      const { world, repository } = at();
      const { issue, pull } = pullNumbered(repository, number);
      const by = actor(merge.by ?? SOMEBODY);
      const made = [...(merge.commits ?? []), merge.sha];
      moveBranch(repository, pull.base.ref, merge.method === 'merge' ? [...pull.commits, ...made] : made);
      pull.commits = [...pull.commits, ...made];
      Object.assign(pull, { mergedAt: world.now, mergedBy: by, mergeCommitSha: merge.sha });
      closeIssue(world, issue, by);
    },
    closePull: (number) =>
      closeIssue(at().world, pullNumbered(at().repository, number).issue, actor(SOMEBODY)),
    reopenPull: (number) => reopenIssue(at().world, pullNumbered(at().repository, number).issue),
  };
}

function newPull(repository: Repository, asked: OpenPull): Pull {
  const { headRef, fork = repository.fullName, baseRef = repository.defaultBranch, isDraft = false } = asked;
  return {
    isDraft,
    head: { ref: headRef, sha: asked.headSha, repository: fork },
    base: { ref: baseRef, sha: repository.branches.get(baseRef) ?? shaOf(baseRef) },
    commits: [],
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
  };
}

type Head = { readonly pull: Pull; readonly commits: readonly string[] };

function setHead(repository: Repository, { pull, commits }: Head): void {
  const sha = commits.at(-1) ?? pull.head.sha;
  const trial = shaOf(`merge ${sha} into ${pull.base.sha}`);
  pull.head.sha = sha;
  pull.commits = commits;
  pull.mergeCommitSha = trial;
  for (const known of [...commits, trial]) repository.commits.add(known);
  if (pull.head.repository === repository.fullName) repository.branches.set(pull.head.ref, sha);
}

function threadPokes(
  at: At,
): Pick<
  Pokes,
  'lock' | 'unlock' | 'addComment' | 'editComment' | 'deleteComment' | 'addIssue' | 'closeIssue'
> {
  return {
    lock: (number) => void (issueNumbered(at().repository, number).isLocked = true),
    unlock: (number) => void (issueNumbered(at().repository, number).isLocked = false),
    addComment: (number, { body, ...who }) => {
      const { world, repository } = at();
      const { number: issue } = issueNumbered(repository, number);
      const comment = newComment(world, { issue, author: actor(who), body });
      repository.comments.push(comment);
      return structuredClone(comment);
    },
    editComment: (id, body) => {
      const { world, repository } = at();
      const comment = repository.comments[indexOfComment(repository, id)]!;
      Object.assign(comment, { body, updatedAt: world.now, edits: comment.edits + 1 });
    },
    deleteComment: (id) => void at().repository.comments.splice(indexOfComment(at().repository, id), 1),
    addIssue: ({ author = SOMEBODY, ...said }) => {
      const { world, repository } = at();
      const number = nextNumber(repository);
      const issue = newIssue(world, { ...said, number, author: actor(author) });
      repository.issues.set(number, issue);
      return structuredClone(issue);
    },
    closeIssue: (number) => closeIssue(at().world, issueNumbered(at().repository, number), actor(SOMEBODY)),
  };
}

function views(at: At): Pick<Pokes, 'comments' | 'checks' | 'issue' | 'issues'> {
  return {
    comments: (number) => structuredClone(at().repository.comments.filter(({ issue }) => issue === number)),
    checks: (sha) =>
      structuredClone(at().repository.checks.filter(({ headSha }) => sha === undefined || headSha === sha)),
    issue: (number) => structuredClone(issueNumbered(at().repository, number)),
    issues: () => structuredClone([...at().repository.issues.values()].filter(({ pull }) => pull === null)),
  };
}

function actor({ login, app, type }: Who): Actor {
  return { login, type: type ?? (app === undefined ? 'User' : 'Bot'), app: app ?? null };
}

function issueNumbered(repository: Repository, number: number): Issue {
  const issue = repository.issues.get(number);
  if (issue === undefined) throw new Error(`${repository.fullName} has no number ${number}`);
  return issue;
}

function pullNumbered(
  repository: Repository,
  number: number,
): { readonly issue: Issue; readonly pull: Pull } {
  const issue = issueNumbered(repository, number);
  if (issue.pull === null) throw new Error(`${number} is no pull request`);
  return { issue, pull: issue.pull };
}

function indexOfComment(repository: Repository, id: number): number {
  const index = repository.comments.findIndex((comment) => comment.id === id);
  if (index === -1) throw new Error(`${repository.fullName} has no comment ${id}`);
  return index;
}
