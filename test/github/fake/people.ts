import { type Actor, type App, shaOf } from './state.ts';

export type Body = Readonly<Record<string, unknown>>;

const WEB = 'https://github.com';

const KNOWN_USERS: Readonly<Record<string, number>> = {
  'github-actions[bot]': 41_898_282,
  'dependabot[bot]': 49_699_333,
};

export function userBody(api: string, owner: Pick<Actor, 'login'> & { readonly type: string }): Body {
  const { login, type } = owner;
  const url = `${api}/users/${encodeURIComponent(login)}`;
  const id = KNOWN_USERS[login] ?? numberOf(login);
  return {
    login,
    id,
    node_id: `U_${id}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: login.endsWith('[bot]') ? `${WEB}/apps/${login.slice(0, -'[bot]'.length)}` : `${WEB}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** The same number for the same name, always. */
export function numberOf(name: string): number {
  return Number.parseInt(shaOf(name).slice(0, 7), 16);
}

export function appBody(api: string, app: App): Body {
  return {
    id: app.id,
    client_id: `Iv1.${shaOf(app.slug).slice(0, 16)}`,
    slug: app.slug,
    node_id: `A_${app.id}`,
    owner: userBody(api, { login: 'github', type: 'Organization' }),
    name: app.slug,
    description: '',
    external_url: 'https://help.github.com/en/actions',
    html_url: `${WEB}/apps/${app.slug}`,
    created_at: '2018-07-30T09:30:17Z',
    updated_at: '2024-04-10T20:33:16Z',
    permissions: { checks: 'write', contents: 'write', issues: 'write', metadata: 'read' },
    events: ['check_run', 'pull_request', 'push'],
  };
}
