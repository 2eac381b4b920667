import { MAIN } from './profile-files.ts';
import type { Row } from './precedence.ts';

const AZURE = 'https://adb-123.4.azuredatabricks.net';
const NO_BASIC = 'lakebell has no method for user names and passwords';

export const METHOD_ROWS: readonly Row[] = [
  { gives: { says: 'no workspace is named' } },
  { env: 'HOST=x', gives: { says: 'no credentials for https://x' } },
  { env: 'TOKEN=x', gives: { says: 'no workspace is named' } },
  {
    env: 'HOST=x TOKEN=x',
    gives: { as: 'pat https://x', by: 'DATABRICKS_TOKEN', at: 'DATABRICKS_HOST' },
  },
  {
    args: 'host=https://x',
    env: 'TOKEN=x',
    gives: { as: 'pat https://x', by: 'DATABRICKS_TOKEN', at: '--host' },
  },
  {
    args: 'token=a',
    env: 'HOST=x TOKEN=b',
    gives: { as: 'pat https://x', by: 'the token input', at: 'DATABRICKS_HOST' },
  },
  { args: `host=${AZURE}/ token=y`, gives: { as: `pat ${AZURE}`, by: 'the token input' } },
  { env: 'HOST=x TOKEN=', gives: { says: 'no credentials for https://x' } },
  {
    args: 'host=y',
    env: 'USERNAME=x PASSWORD=x',
    gives: { says: 'does not support the method basic' },
    deviates: NO_BASIC,
  },
  { env: 'USERNAME=x PASSWORD=x', gives: { says: 'no workspace is named' } },

  {
    env: 'HOST=x TOKEN=x USERNAME=x PASSWORD=x',
    gives: { says: 'more than one authorization method configured: basic and pat' },
  },
  {
    env: 'TOKEN=x USERNAME=x',
    gives: { says: 'more than one authorization method configured: basic and pat' },
  },
  {
    env: 'USERNAME=x CONFIG_PROFILE=nohost',
    file: MAIN,
    gives: { says: 'basic and pat (basic: DATABRICKS_USERNAME; pat: token of the profile nohost)' },
  },
  {
    args: 'auth-type=basic',
    env: 'HOST=x TOKEN=x USERNAME=x PASSWORD=x',
    gives: { says: 'asks for basic, a method of Databricks that lakebell does not support' },
    deviates: NO_BASIC,
  },
  {
    env: 'HOST=x TOKEN=x USERNAME=x PASSWORD=x AUTH_TYPE=pat',
    gives: { as: 'pat https://x', by: 'DATABRICKS_TOKEN' },
  },
  {
    args: 'token=x',
    env: 'AZURE_RESOURCE_ID=/sub/x',
    gives: { says: 'azure and pat (azure: DATABRICKS_AZURE_RESOURCE_ID; pat: the token input)' },
  },
  {
    args: `host=${AZURE}`,
    env: 'AZURE_RESOURCE_ID=/sub/x USERNAME=x',
    gives: { says: 'more than one authorization method configured: azure and basic' },
  },
  {
    env: 'HOST=x TOKEN=x CLIENT_ID=x CLIENT_SECRET=x',
    gives: { says: 'more than one authorization method configured: oauth and pat' },
  },
  {
    env: 'HOST=x TOKEN=x CLIENT_ID=x',
    gives: { says: 'more than one authorization method configured: oauth and pat' },
  },
  {
    env: 'HOST=x CLIENT_ID=x CLIENT_SECRET=x ARM_CLIENT_ID=x ARM_CLIENT_SECRET=x',
    gives: { says: 'more than one authorization method configured: azure and oauth' },
  },
  {
    env: 'HOST=x CLIENT_ID=x CLIENT_SECRET=x ARM_CLIENT_ID=x ARM_CLIENT_SECRET=x AUTH_TYPE=oauth-m2m',
    gives: { as: 'oauth-m2m https://x', by: 'DATABRICKS_CLIENT_SECRET' },
  },
  {
    env: 'HOST=x TOKEN=x ARM_TENANT_ID=x',
    gives: { says: 'more than one authorization method configured: azure and pat' },
  },
  {
    env: 'HOST=x TOKEN=x CLIENT_ID=x ARM_CLIENT_ID=x',
    gives: { says: 'more than one authorization method configured: azure and oauth and pat' },
  },
  {
    env: 'HOST=x TOKEN=x ARM_ENVIRONMENT=public ARM_SUBSCRIPTION_ID=x',
    gives: { as: 'pat https://x', by: 'DATABRICKS_TOKEN' },
  },
  {
    env: 'HOST=x TOKEN=x GOOGLE_CREDENTIALS=x',
    gives: { says: 'more than one authorization method configured: google and pat' },
  },
  {
    env: 'HOST=x TOKEN=x ACCOUNT_ID=x CLOUD=AWS TOKEN_AUDIENCE=x',
    gives: { as: 'pat https://x', by: 'DATABRICKS_TOKEN' },
  },
  {
    env: 'HOST=x TOKEN=x ACTIONS_ID_TOKEN_REQUEST_URL=https://g ACTIONS_ID_TOKEN_REQUEST_TOKEN=x',
    gives: { as: 'pat https://x', by: 'DATABRICKS_TOKEN' },
  },
  { env: 'HOST=x TOKEN=x ARM_USE_MSI=false', gives: { as: 'pat https://x', by: 'DATABRICKS_TOKEN' } },
  {
    env: 'HOST=x TOKEN=x ARM_USE_MSI=T',
    gives: { says: 'more than one authorization method configured: azure and pat' },
  },
  { env: 'HOST=x TOKEN=x ARM_USE_MSI=yes', gives: { says: 'ARM_USE_MSI is neither true nor false' } },

  {
    env: 'HOST=x TOKEN=x AUTH_TYPE=unknown-x',
    gives: { says: 'asks for unknown-x, which lakebell does not support' },
  },
  { env: 'HOST=x TOKEN=x AUTH_TYPE=PAT', gives: { says: 'asks for PAT, which lakebell does not support' } },
  {
    env: 'HOST=x AUTH_TYPE=pat',
    gives: { says: 'DATABRICKS_AUTH_TYPE asks for pat, but there is no token' },
  },
  { env: 'TOKEN=x AUTH_TYPE=pat', gives: { says: 'no workspace is named' } },
  {
    env: 'HOST=x TOKEN=x CLIENT_ID=x CLIENT_SECRET=x AUTH_TYPE=pat',
    gives: { as: 'pat https://x', by: 'DATABRICKS_TOKEN' },
  },
  {
    args: 'auth-type=oauth-m2m',
    env: 'HOST=x TOKEN=x CLIENT_ID=x CLIENT_SECRET=x AUTH_TYPE=pat',
    gives: { as: 'oauth-m2m https://x', by: 'DATABRICKS_CLIENT_SECRET' },
  },
  {
    env: 'HOST=x TOKEN=x AUTH_TYPE=oauth-m2m',
    gives: { says: 'asks for oauth-m2m, but there is no client id' },
  },
];
