import { type Body, userBody } from './people.ts';

export type RepositoryLook = {
  readonly api: string;
  readonly id: number;
  readonly fullName: string;
  readonly defaultBranch: string;
  readonly isPrivate: boolean;
  readonly isFork: boolean;
  readonly hasIssues: boolean;
  /** How many issues and pull requests are open. */
  readonly open: number;
};

const ADDRESSES: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

export function repositoryBody(look: RepositoryLook): Body {
  const { api, fullName, isFork, isPrivate } = look;
  const [login = '', name = ''] = fullName.split('/');
  const url = `${api}/repos/${fullName}`;
  const page = `https://github.com/${fullName}`;
  return {
    ...Object.fromEntries(Object.entries(ADDRESSES).map(([member, path]) => [member, url + path])),
    ...COUNTS,
    ...FEATURES,
    id: isFork ? look.id + 1_000_000 : look.id,
    node_id: `R_${isFork ? 'fork' : 'own'}${look.id}`,
    name,
    full_name: fullName,
    owner: userBody(api, { login, type: isFork ? 'User' : 'Organization' }),
    private: isPrivate,
    visibility: isPrivate ? 'private' : 'public',
    html_url: page,
    description: null,
    fork: isFork,
    url,
    git_url: `git://github.com/${fullName}.git`,
    ssh_url: `git@github.com:${fullName}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    topics: [],
    default_branch: look.defaultBranch,
    has_issues: look.hasIssues && !isFork,
    open_issues: isFork ? 0 : look.open,
    open_issues_count: isFork ? 0 : look.open,
    pushed_at: '2026-01-02T03:04:05Z',
    created_at: '2024-01-02T03:04:05Z',
    updated_at: '2026-01-02T03:04:05Z',
  };
}

const COUNTS = { forks: 0, forks_count: 0, stargazers_count: 0, watchers: 0, watchers_count: 0, size: 10 };

const FEATURES = {
  has_projects: true,
  has_wiki: false,
  has_pages: false,
  has_downloads: true,
  has_discussions: false,
  is_template: false,
  archived: false,
  disabled: false,
  allow_forking: true,
  web_commit_signoff_required: false,
};
