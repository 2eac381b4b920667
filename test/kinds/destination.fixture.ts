import type { KindFixture } from './fixture.ts';

const NAME = 'Example';
const FOREIGN = '99999999-0000-4000-8000-000000000009';

const webhook = {
  url: '${secrets.HOOK_URL}',
  username: 'lakebell',
  password: '${secrets.HOOK_PASSWORD}',
  oauth_token_url: 'https://login.company.test/token',
  oauth_client_id: 'client',
  oauth_client_secret: '${secrets.HOOK_CLIENT}',
  oauth_scopes: ['read', 'write'],
  oauth_audience: 'audience',
};

export const fixture: KindFixture = {
  examples: {
    minimal: { display_name: NAME, email: { addresses: ['a@company.test'] } },
    emails: {
      display_name: NAME,
      email: { addresses: ['b@company.test', 'a@company.test', 'c@company.test'] },
    },
    slack: { display_name: NAME, slack: { url: '${secrets.SLACK_URL}' } },
    'another slack': { display_name: NAME, slack: { url: '${secrets.OTHER_SLACK_URL}' } },
    'slack app': { display_name: NAME, slack: { oauth_token: '${secrets.SLACK_BOT}', channel_id: 'C1' } },
    'slack app elsewhere': {
      display_name: NAME,
      slack: { oauth_token: '${secrets.SLACK_BOT}', channel_id: 'C2' },
    },
    teams: { display_name: NAME, microsoft_teams: { url: '${secrets.TEAMS_URL}' } },
    'teams app': {
      display_name: NAME,
      microsoft_teams: {
        app_id: 'app',
        tenant_id: 'tenant',
        auth_secret: '${secrets.TEAMS_SECRET}',
        channel_url: 'https://teams.company.test/channel',
      },
    },
    pagerduty: { display_name: NAME, pagerduty: { integration_key: '${secrets.PAGERDUTY}' } },
    'another pagerduty': { display_name: NAME, pagerduty: { integration_key: '${secrets.PAGERDUTY_2}' } },
    webhook: { display_name: NAME, generic_webhook: { url: 'https://hook.company.test' } },
    'webhook with a password': {
      display_name: NAME,
      generic_webhook: {
        url: 'https://hook.company.test',
        username: 'u',
        password: '${secrets.HOOK_PASSWORD}',
      },
    },
    full: { display_name: NAME, adopt: 'write', generic_webhook: webhook },
    'fewer scopes': { display_name: NAME, generic_webhook: { ...webhook, oauth_scopes: ['read'] } },
  },
  updates: [
    ['minimal', 'emails'],
    ['emails', 'minimal'],
    ['slack', 'another slack'],
    ['slack', 'slack app'],
    ['slack app', 'slack'],
    ['slack app', 'slack app elsewhere'],
    ['teams', 'teams app'],
    ['teams app', 'teams'],
    ['pagerduty', 'another pagerduty'],
    ['webhook', 'full'],
    ['full', 'webhook'],
    ['full', 'fewer scopes'],
    ['webhook with a password', 'webhook'],
  ],
  around: {},
  seed: {
    destinations: [
      { id: FOREIGN, display_name: 'Foreign', config: { slack: { url: 'https://foreign.company.test' } } },
    ],
  },
  writes: /^(POST|PATCH|DELETE) \/api\/2\.0\/notification-destinations/,
  reads: '/api/2.0/notification-destinations*',
  live: ({ destinations }) => destinations.find(({ display_name }) => display_name === NAME),
  unmanaged: ({ destinations }) => JSON.stringify(destinations.filter(({ id }) => id === FOREIGN)),
};
