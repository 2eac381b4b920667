import type { getOctokit } from '@actions/github';
import { asked } from './error.ts';

export type Issue = {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  /** Login of the author; `''` for a deleted account. */
  readonly author: string;
  readonly isOpen: boolean;
  /** Milliseconds since 1970; null while it is open. */
  readonly closedAt: number | null;
  readonly url: string;
};

export type IssueText = {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
};

export type IssuesApi = {
  /** Open ones, and those that changed since a time (milliseconds since 1970). Pull requests are none. */
  readonly listIssues: (since: number) => Promise<readonly Issue[]>;
  readonly createIssue: (text: IssueText) => Promise<Issue>;
  /** What is left out stays as it is. */
  readonly updateIssue: (
    number: number,
    change: { readonly body?: string; readonly state?: 'open' | 'closed' },
  ) => Promise<Issue>;
};

type Client = ReturnType<typeof getOctokit>;

const PER_PAGE = 100;

export function issuesOf(
  { rest, paginate }: Client,
  at: { readonly owner: string; readonly repo: string },
): IssuesApi {
  const list = async (parameters: { readonly state: 'open' | 'closed'; readonly since?: string }) =>
    (await paginate(rest.issues.listForRepo, { ...at, ...parameters, per_page: PER_PAGE }))
      .filter((issue) => issue.pull_request === undefined)
      .map(issueOf);
  return {
    listIssues: (since) =>
      asked('read issues', async () => [
        ...(await list({ state: 'open' })),
        ...(await list({ state: 'closed', since: new Date(since).toISOString() })),
      ]),
    createIssue: ({ title, body, labels, assignees }) =>
      asked('open an issue', async () => {
        const text = { title, body, labels: [...labels], assignees: [...assignees] };
        return issueOf((await rest.issues.create({ ...at, ...text })).data);
      }),
    updateIssue: (number, change) =>
      asked('edit an issue', async () =>
        issueOf((await rest.issues.update({ ...at, issue_number: number, ...change })).data),
      ),
  };
}

type RawIssue = Awaited<ReturnType<Client['rest']['issues']['create']>>['data'];

function issueOf(raw: RawIssue): Issue {
  return {
    number: raw.number,
    title: raw.title,
    body: raw.body ?? '',
    author: raw.user?.login ?? '',
    isOpen: raw.state === 'open',
    closedAt: raw.closed_at === null ? null : Date.parse(raw.closed_at),
    url: raw.html_url,
  };
}
