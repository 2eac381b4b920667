export const ADMIN_ONLY = 'only workspace admins are shown the configuration of a destination';

/** How a field of a destination's configuration is treated; the API never returns any but `addresses`. */
export type FieldShape = {
  readonly description: string;
  /**
   * `always`: a literal in the file is an error; `url`: a secret when it looks like one; `allowed`: may be either;
   * `readable`: comes back from the API, so it may not be a secret.
   */
  readonly secrecy: 'always' | 'url' | 'allowed' | 'readable';
  readonly isList?: true;
  readonly example?: unknown;
};

export type TypeShape = {
  /** `destination_type` on the wire; note that `generic_webhook` is called WEBHOOK there. */
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly fields: Readonly<Record<string, FieldShape>>;
  /** The sets of fields of which exactly one must be there in full. */
  readonly modes: readonly (readonly string[])[];
};

/**
 * The five types by their key in `config`, fields as the API names them.
 * Source: the notification destinations API, with the OAuth fields of generic webhooks (mid-2026).
 */
export const DESTINATION_TYPES: Readonly<Record<string, TypeShape>> = {
  slack: {
    type: 'SLACK',
    title: 'Slack',
    description: 'An incoming webhook (`url`), or a Slack app (`oauth_token` and `channel_id`)',
    modes: [['url'], ['oauth_token', 'channel_id']],
    fields: {
      url: {
        secrecy: 'always',
        description: 'Incoming webhook URL; a secret',
        example: '${secrets.SLACK_WEBHOOK_URL}',
      },
      oauth_token: {
        secrecy: 'always',
        description: 'Bot token of a Slack app; a secret',
        example: '${secrets.SLACK_BOT_TOKEN}',
      },
      channel_id: {
        secrecy: 'allowed',
        description: 'Channel that the app posts to; never comes back from the API',
        example: 'C0123456789',
      },
    },
  },
  microsoft_teams: {
    type: 'MICROSOFT_TEAMS',
    title: 'Microsoft Teams',
    description:
      'A workflow webhook (`url`), or a Teams app (`app_id`, `tenant_id`, `auth_secret`, `channel_url`)',
    modes: [['url'], ['app_id', 'tenant_id', 'auth_secret', 'channel_url']],
    fields: {
      url: {
        secrecy: 'always',
        description: 'Workflow webhook URL; a secret',
        example: '${secrets.TEAMS_WORKFLOW_URL}',
      },
      app_id: { secrecy: 'allowed', description: 'Application (client) id of the Teams app' },
      tenant_id: { secrecy: 'allowed', description: 'Directory (tenant) id of the Teams app' },
      auth_secret: {
        secrecy: 'always',
        description: 'Client secret of the Teams app; a secret',
        example: '${secrets.TEAMS_APP_SECRET}',
      },
      channel_url: { secrecy: 'allowed', description: 'Link to the Teams channel' },
    },
  },
  pagerduty: {
    type: 'PAGERDUTY',
    title: 'PagerDuty',
    description: 'A PagerDuty service, by its integration key',
    modes: [['integration_key']],
    fields: {
      integration_key: {
        secrecy: 'always',
        description: 'Events API v2 integration key; a secret',
        example: '${secrets.PAGERDUTY_KEY}',
      },
    },
  },
  generic_webhook: {
    type: 'WEBHOOK',
    title: 'generic webhook',
    description: 'Any HTTPS endpoint, with basic authentication, OAuth client credentials, or neither',
    modes: [['url']],
    fields: {
      url: {
        secrecy: 'url',
        description:
          "HTTPS address; a secret where it comes from `${secrets}`, carries credentials or a signature, or is a chat service's",
        example: 'https://hooks.example.com/databricks',
      },
      username: { secrecy: 'allowed', description: 'User name for HTTP basic authentication' },
      password: {
        secrecy: 'always',
        description: 'Password for HTTP basic authentication; a secret',
        example: '${secrets.HOOK_PASSWORD}',
      },
      oauth_token_url: { secrecy: 'allowed', description: 'Token endpoint for OAuth client credentials' },
      oauth_client_id: { secrecy: 'allowed', description: 'OAuth client id' },
      oauth_client_secret: {
        secrecy: 'always',
        description: 'OAuth client secret; a secret',
        example: '${secrets.HOOK_CLIENT_SECRET}',
      },
      oauth_scopes: { secrecy: 'allowed', isList: true, description: 'OAuth scopes to ask for' },
      oauth_audience: { secrecy: 'allowed', description: 'OAuth audience to ask for' },
    },
  },
  email: {
    type: 'EMAIL',
    title: 'e-mail',
    description: 'E-mail addresses that a message goes to together',
    modes: [['addresses']],
    fields: {
      addresses: {
        secrecy: 'readable',
        isList: true,
        description: 'E-mail addresses; their order means nothing',
        example: ['leads@example.com'],
      },
    },
  },
};

export const CONFIG_KEYS: readonly string[] = Object.keys(DESTINATION_TYPES);
