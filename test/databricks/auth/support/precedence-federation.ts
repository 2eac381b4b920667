import { MAIN } from './profile-files.ts';
import type { Row } from './precedence.ts';

const AZURE = 'https://adb-123.4.azuredatabricks.net';
const RUNNER = 'ACTIONS_ID_TOKEN_REQUEST_URL=https://g ACTIONS_ID_TOKEN_REQUEST_TOKEN=x';
const REQUEST = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';

export const FEDERATION_ROWS: readonly Row[] = [
  {
    env: 'HOST=x CLIENT_ID=x CLIENT_SECRET=x',
    gives: { as: 'oauth-m2m https://x', by: 'DATABRICKS_CLIENT_SECRET' },
  },
  {
    env: `HOST=${AZURE} CLIENT_ID=x CLIENT_SECRET=x`,
    gives: { as: `oauth-m2m ${AZURE}`, by: 'DATABRICKS_CLIENT_SECRET' },
  },
  {
    env: `HOST=${AZURE} CLIENT_ID=x CLIENT_SECRET=x ARM_CLIENT_ID=y AUTH_TYPE=oauth-m2m`,
    gives: { as: `oauth-m2m ${AZURE}`, by: 'DATABRICKS_CLIENT_SECRET' },
  },
  {
    args: 'client-id=a client-secret=b',
    env: 'HOST=x CLIENT_ID=x CLIENT_SECRET=x',
    gives: { as: 'oauth-m2m https://x', by: 'the client-secret input' },
  },
  { env: 'HOST=x CLIENT_ID=x', gives: { says: 'DATABRICKS_CLIENT_ID is set, but that alone is not enough' } },
  { env: 'HOST=x CLIENT_SECRET=x', gives: { says: 'there is no client id' } },
  { env: `HOST=x CLIENT_ID=x ${RUNNER}`, gives: { as: 'github-oidc https://x', by: REQUEST } },
  {
    env: `HOST=x CLIENT_ID=x CLIENT_SECRET=x ${RUNNER}`,
    gives: { as: 'oauth-m2m https://x', by: 'DATABRICKS_CLIENT_SECRET' },
  },
  {
    env: `HOST=x ${RUNNER}`,
    gives: { says: 'there is no client id' },
    deviates: 'any job may have these variables; a client id, or the pinned method, says that they are meant',
  },
  { env: `HOST=x AUTH_TYPE=github-oidc ${RUNNER}`, gives: { as: 'github-oidc https://x', by: REQUEST } },
  {
    env: 'HOST=x CLIENT_ID=x AUTH_TYPE=github-oidc',
    gives: { says: 'asks for github-oidc, but GitHub lets this job have no identity token' },
  },
  {
    env: 'HOST=x AUTH_TYPE=github-oidc ACTIONS_ID_TOKEN_REQUEST_URL=https://g',
    gives: { says: 'asks for github-oidc, but GitHub lets this job have no identity token' },
  },
  {
    env: 'HOST=x CLIENT_ID=x OIDC_TOKEN=jwt',
    gives: { as: 'env-oidc https://x', by: 'DATABRICKS_OIDC_TOKEN' },
  },
  { env: 'HOST=x OIDC_TOKEN=jwt', gives: { as: 'env-oidc https://x', by: 'DATABRICKS_OIDC_TOKEN' } },
  { env: `HOST=x CLIENT_ID=x OIDC_TOKEN=jwt ${RUNNER}`, gives: { as: 'github-oidc https://x', by: REQUEST } },
  {
    env: 'HOST=x TOKEN=x OIDC_TOKEN=jwt',
    gives: { as: 'pat https://x', by: 'DATABRICKS_TOKEN' },
  },
  {
    env: 'HOST=https://dbc-1.cloud.databricks.com OIDC_TOKEN=jwt',
    file: MAIN,
    gives: { as: 'env-oidc https://dbc-1.cloud.databricks.com', by: 'DATABRICKS_OIDC_TOKEN' },
  },
  {
    env: 'OIDC_TOKEN=jwt CONFIG_PROFILE=notoken',
    file: MAIN,
    gives: { as: 'env-oidc https://dbc-2.cloud.databricks.com', by: 'DATABRICKS_OIDC_TOKEN' },
  },
  {
    env: 'HOST=x CLIENT_ID=x OIDC_TOKEN_ENV=MY MY=jwt',
    gives: { says: 'more than one authorization method configured: env-oidc and oauth' },
  },
  {
    env: 'HOST=x CLIENT_ID=x OIDC_TOKEN_ENV=MY MY=jwt AUTH_TYPE=env-oidc',
    gives: { as: 'env-oidc https://x', by: 'MY' },
  },
  { env: 'HOST=x OIDC_TOKEN_ENV=MY MY=jwt OIDC_TOKEN=other', gives: { as: 'env-oidc https://x', by: 'MY' } },
  { env: 'HOST=x AUTH_TYPE=env-oidc', gives: { says: 'but DATABRICKS_OIDC_TOKEN holds no identity token' } },
  {
    env: 'HOST=x AUTH_TYPE=env-oidc OIDC_TOKEN_ENV=MY OIDC_TOKEN=jwt',
    gives: { says: 'asks for env-oidc, but MY holds no identity token' },
  },
  {
    env: 'HOST=x AUTH_TYPE=env-oidc OIDC_TOKEN_ENV=MY MY=',
    gives: { says: 'but MY holds no identity token' },
  },
  { env: 'AUTH_TYPE=env-oidc OIDC_TOKEN=jwt', gives: { says: 'no workspace is named' } },
  {
    env: 'HOST=x CLIENT_ID=x OIDC_TOKEN_FILEPATH=/t',
    gives: { says: 'more than one authorization method configured: file-oidc and oauth' },
  },
  {
    env: 'HOST=x CLIENT_ID=x OIDC_TOKEN_FILEPATH=/t AUTH_TYPE=file-oidc',
    gives: { as: 'file-oidc https://x', by: 'DATABRICKS_OIDC_TOKEN_FILEPATH' },
  },
  {
    env: 'HOST=x OIDC_TOKEN_FILEPATH=/t',
    gives: { as: 'file-oidc https://x', by: 'DATABRICKS_OIDC_TOKEN_FILEPATH' },
  },
  {
    env: 'HOST=x OIDC_TOKEN_FILE=/t',
    gives: { as: 'file-oidc https://x', by: 'DATABRICKS_OIDC_TOKEN_FILE' },
  },
  {
    env: 'HOST=x OIDC_TOKEN_FILE=/t OIDC_TOKEN_FILEPATH=/u',
    gives: { as: 'file-oidc https://x', by: 'DATABRICKS_OIDC_TOKEN_FILEPATH' },
  },
  {
    env: 'HOST=x OIDC_TOKEN=jwt OIDC_TOKEN_FILEPATH=/t',
    gives: { as: 'env-oidc https://x', by: 'DATABRICKS_OIDC_TOKEN' },
  },
  { env: 'HOST=x AUTH_TYPE=file-oidc', gives: { says: 'but no file with an identity token is named' } },
  {
    args: 'profile=file-go',
    file: MAIN,
    gives: {
      as: 'file-oidc https://dbc-9.cloud.databricks.com',
      by: 'databricks_id_token_filepath of the profile file-go',
    },
  },
  {
    args: 'profile=file-py',
    file: MAIN,
    gives: {
      as: 'file-oidc https://dbc-9.cloud.databricks.com',
      by: 'oidc_token_filepath of the profile file-py',
    },
  },
];
