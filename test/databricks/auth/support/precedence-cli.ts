import { MAIN } from './profile-files.ts';
import type { Row } from './precedence.ts';

const AZURE = 'https://adb-123.4.azuredatabricks.net';
const HOST = 'https://dbc-99.cloud.databricks.com';
const TEN = 'https://dbc-10.cloud.databricks.com';
const RUNNER = 'ACTIONS_ID_TOKEN_REQUEST_URL=https://g ACTIONS_ID_TOKEN_REQUEST_TOKEN=x';

export const CLI_ROWS: readonly Row[] = [
  { on: 'databricks', gives: { says: 'no workspace is named' } },
  { env: 'AUTH_TYPE=databricks-cli', on: 'databricks', gives: { says: 'no workspace is named' } },
  {
    env: `HOST=${HOST}`,
    on: 'databricks',
    gives: { as: `databricks-cli ${HOST}`, by: 'the Databricks CLI' },
  },
  { env: `HOST=${HOST}`, gives: { says: `there are no credentials for ${HOST}` } },
  { env: `HOST=${HOST}`, on: 'the old databricks', gives: { says: 'is the old Python program' } },
  {
    env: `HOST=${HOST}`,
    on: 'databricks without a login',
    gives: { says: `there are no credentials for ${HOST}` },
  },
  {
    env: `HOST=${HOST} AUTH_TYPE=databricks-cli`,
    gives: { as: `databricks-cli ${HOST}`, by: 'the Databricks CLI' },
  },
  { env: `HOST=${HOST} TOKEN=x`, on: 'databricks', gives: { as: `pat ${HOST}` } },
  {
    env: `HOST=${HOST} CLIENT_ID=x CLIENT_SECRET=x`,
    on: 'databricks',
    gives: { as: `oauth-m2m ${HOST}`, by: 'DATABRICKS_CLIENT_SECRET' },
  },
  { env: `HOST=${HOST} CLIENT_ID=x ${RUNNER}`, on: 'databricks', gives: { as: `databricks-cli ${HOST}` } },
  {
    env: `HOST=${HOST} CLIENT_ID=x ${RUNNER} AUTH_TYPE=github-oidc`,
    on: 'databricks',
    gives: { as: `github-oidc ${HOST}` },
  },
  {
    env: `HOST=${HOST} CLIENT_ID=x ${RUNNER}`,
    on: 'databricks without a login',
    gives: { as: `github-oidc ${HOST}` },
  },
  { env: `HOST=${HOST} OIDC_TOKEN=jwt`, on: 'databricks', gives: { as: `databricks-cli ${HOST}` } },
  {
    env: `HOST=${AZURE} ARM_CLIENT_ID=x ARM_CLIENT_SECRET=x ARM_TENANT_ID=tenant.test`,
    on: 'databricks',
    gives: { as: `databricks-cli ${AZURE}` },
  },
  {
    env: `HOST=${AZURE} ARM_TENANT_ID=tenant.test`,
    on: 'az and databricks',
    gives: { as: `databricks-cli ${AZURE}` },
  },
  {
    env: `HOST=${AZURE} ARM_TENANT_ID=tenant.test`,
    on: 'az, and databricks without a login',
    gives: { as: `azure-cli ${AZURE}`, by: 'the Azure CLI' },
  },
  {
    env: 'TOKEN=x CONFIG_PROFILE=cli-login',
    file: MAIN,
    on: 'databricks',
    gives: { as: `databricks-cli ${TEN}`, at: 'the profile cli-login' },
  },
  {
    env: `HOST=${TEN}`,
    file: MAIN,
    on: 'databricks',
    gives: { as: `databricks-cli ${TEN}`, at: 'DATABRICKS_HOST' },
  },
  { args: 'profile=cli-nowhere', file: MAIN, on: 'databricks', gives: { says: 'no workspace is named' } },
];
