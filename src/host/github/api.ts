import { getOctokit } from '@actions/github';
import { GitHubError, asked } from './error.ts';
import { type IssuesApi, issuesOf } from './issues.ts';
import { askAgain } from './retry.ts';

/** What we ask of GitHub, in our words. Every failure is a GitHubError. */
export type GitHubApi = {
  /** The login that our comments carry. */
  readonly whoAmI: () => Promise<string>;
  /** All of them, oldest first. */
  readonly listComments: (issue: number) => Promise<readonly Comment[]>;
  readonly createComment: (issue: number, body: string) => Promise<Comment>;
  readonly updateComment: (id: number, body: string) => Promise<Comment>;
  /** Folds a comment away as outdated; it can still be opened. */
  readonly minimise: (nodeId: string) => Promise<void>;
  readonly createCheck: (check: NewCheck) => Promise<{ readonly url: string }>;
  /** Checks of that name on a commit, whoever made them. */
  readonly listChecks: (sha: string, name: string) => Promise<readonly Check[]>;
  /** Pull requests that a commit belongs to; none for a commit that GitHub does not know. */
  readonly pullsOf: (sha: string) => Promise<readonly Pull[]>;
} & IssuesApi;

export type Comment = {
  readonly id: number;
  readonly nodeId: string;
  readonly body: string;
  /** Login of the author; `''` for a deleted account. */
  readonly author: string;
  readonly url: string;
};

export type NewCheck = {
  readonly name: string;
  readonly sha: string;
  readonly conclusion: 'success' | 'failure' | 'neutral';
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  readonly externalId: string;
  readonly detailsUrl: string;
};

export type Check = {
  readonly id: number;
  readonly app: { readonly id: number; readonly slug: string } | null;
  readonly sha: string;
  readonly isCompleted: boolean;
  readonly text: string;
  readonly externalId: string;
};

export type Pull = {
  readonly number: number;
  /** The last commit of its branch. */
  readonly headSha: string;
  readonly baseBranch: string;
  readonly isMerged: boolean;
};

export type GitHubOptions = {
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly apiUrl: string;
  /** For pauses between tries, in milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
};

type Client = ReturnType<typeof getOctokit>;
type Repository = { readonly owner: string; readonly repo: string };

const PER_PAGE = 100;

export function connectGitHub({ token, repository, apiUrl, sleep }: GitHubOptions): GitHubApi {
  if (token === '') throw new GitHubError('the input github-token is empty', 0);
  const client = getOctokit(token, { baseUrl: apiUrl, log: SILENT });
  askAgain(client, sleep);
  const [owner = '', repo = ''] = repository.split('/');
  const at = { owner, repo };
  return {
    ...commentsOf(client, at),
    ...checksOf(client, at),
    ...peopleOf(client, at),
    ...issuesOf(client, at),
  };
}

// Octokit warns on standard output about what we answer ourselves.
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function commentsOf(
  { rest, paginate, graphql }: Client,
  at: Repository,
): Pick<GitHubApi, 'listComments' | 'createComment' | 'updateComment' | 'minimise'> {
  return {
    listComments: (issue) =>
      asked('read comments', async () => {
        const parameters = { ...at, issue_number: issue, per_page: PER_PAGE };
        return (await paginate(rest.issues.listComments, parameters)).map(commentOf);
      }),
    createComment: (issue, body) =>
      asked('comment', async () =>
        commentOf((await rest.issues.createComment({ ...at, issue_number: issue, body })).data),
      ),
    updateComment: (id, body) =>
      asked('edit a comment', async () =>
        commentOf((await rest.issues.updateComment({ ...at, comment_id: id, body })).data),
      ),
    minimise: (nodeId) =>
      asked('minimise a comment', async () => {
        await graphql(MINIMISE, { nodeId });
      }),
  };
}

const MINIMISE =
  'mutation($nodeId: ID!) { minimizeComment(input: {subjectId: $nodeId, classifier: OUTDATED}) { clientMutationId } }';

function checksOf({ rest, paginate }: Client, at: Repository): Pick<GitHubApi, 'createCheck' | 'listChecks'> {
  return {
    createCheck: ({ name, sha, conclusion, title, summary, text, externalId, detailsUrl }) =>
      asked('write a check', async () => {
        const { data } = await rest.checks.create({
          ...at,
          name,
          head_sha: sha,
          status: 'completed',
          conclusion,
          external_id: externalId,
          details_url: detailsUrl,
          output: { title, summary, text },
        });
        return { url: data.html_url ?? '' };
      }),
    listChecks: (sha, name) =>
      asked('read checks', async () => {
        const parameters = { ...at, ref: sha, check_name: name, filter: 'all', per_page: PER_PAGE } as const;
        return (await paginate(rest.checks.listForRef, parameters)).map(checkOf);
      }),
  };
}

function peopleOf(
  { rest, paginate, graphql }: Client,
  at: Repository,
): Pick<GitHubApi, 'whoAmI' | 'pullsOf'> {
  const ask = async (): Promise<string> => {
    const { viewer } = await graphql<{ viewer: { login: string } }>('{ viewer { login } }');
    return viewer.login;
  };
  let login: Promise<string> | undefined;
  return {
    whoAmI: () => (login ??= asked('ask who we are', ask)),
    pullsOf: (sha) =>
      asked('read the pull requests of a commit', async () => {
        const parameters = { ...at, commit_sha: sha, per_page: PER_PAGE };
        return (await paginate(rest.repos.listPullRequestsAssociatedWithCommit, parameters)).map(pullOf);
      }).catch(unlessUnknown),
  };
}

/** A commit that GitHub has not heard of belongs to no pull request. */
function unlessUnknown(error: unknown): readonly Pull[] {
  if (error instanceof GitHubError && error.status === 422) return [];
  throw error;
}

type Answered<Method extends (...parameters: never[]) => Promise<{ data: unknown }>> = Awaited<
  ReturnType<Method>
>['data'];

function commentOf(raw: Answered<Client['rest']['issues']['createComment']>): Comment {
  return {
    id: raw.id,
    nodeId: raw.node_id,
    body: raw.body ?? '',
    author: raw.user?.login ?? '',
    url: raw.html_url,
  };
}

function checkOf(raw: Answered<Client['rest']['checks']['create']>): Check {
  const { id, slug } = raw.app ?? {};
  return {
    id: raw.id,
    app: id === undefined ? null : { id, slug: slug ?? '' },
    sha: raw.head_sha,
    isCompleted: raw.status === 'completed',
    text: raw.output.text ?? '',
    externalId: raw.external_id ?? '',
  };
}

function pullOf(
  raw: Answered<Client['rest']['repos']['listPullRequestsAssociatedWithCommit']>[number],
): Pull {
  return {
    number: raw.number,
    headSha: raw.head.sha,
    baseBranch: raw.base.ref,
    isMerged: raw.merged_at !== null,
  };
}
