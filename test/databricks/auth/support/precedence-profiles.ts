import { BROKEN, EMPTY_DEFAULT, MAIN, SETTINGS, WITHOUT_DEFAULT } from './profile-files.ts';
import type { Row } from './precedence.ts';

const ONE = 'https://dbc-1.cloud.databricks.com';
const TWO = 'https://dbc-2.cloud.databricks.com';
const UNIFIED = 'https://unified.databricks.com';
const LOUD = 'a file or profile that somebody names must be there';

export const PROFILE_ROWS: readonly Row[] = [
  {
    file: MAIN,
    gives: { as: `pat ${ONE}`, by: 'token of the profile DEFAULT', at: 'the profile DEFAULT' },
  },
  {
    env: 'CONFIG_FILE=x',
    gives: { says: 'there is no file x, which DATABRICKS_CONFIG_FILE names' },
    deviates: LOUD,
  },
  { args: 'profile=nope', gives: { says: 'there is no profile nope' }, deviates: LOUD },
  { args: 'profile=nope', file: MAIN, gives: { says: 'there is no profile nope' } },
  { args: 'profile=empty', file: MAIN, gives: { says: 'there is no profile empty' } },
  { args: 'host=x', file: MAIN, gives: { says: 'no credentials for https://x' } },
  {
    args: `host=${ONE}`,
    file: MAIN,
    gives: { as: `pat ${ONE}`, by: 'token of the profile DEFAULT', at: '--host' },
    deviates: 'the profile of a host is found by it, as in the Databricks CLI',
  },
  {
    env: 'HOST=https://dbc-8.cloud.databricks.com',
    file: MAIN,
    gives: { says: 'several profiles name this host: twin, twin2' },
    deviates: 'as in the Databricks CLI',
  },
  {
    env: 'HOST=https://unified.databricks.com',
    file: MAIN,
    gives: { says: 'several profiles name this host: unified-1, unified-2' },
    deviates: 'as in the Databricks CLI',
  },
  {
    env: 'HOST=https://unified.databricks.com WORKSPACE_ID=1',
    file: MAIN,
    gives: { as: `pat ${UNIFIED}`, by: 'token of the profile unified-1', workspace: '1' },
    deviates: 'as in the Databricks CLI',
  },
  {
    args: 'host=https://unified.databricks.com/?o=2',
    file: MAIN,
    gives: { as: `pat ${UNIFIED}`, by: 'token of the profile unified-2', workspace: '2' },
    deviates: 'as in the Databricks CLI',
  },
  {
    args: 'host=https://unified.databricks.com/?o=3',
    file: MAIN,
    gives: { says: 'several profiles name this host: unified-1, unified-2' },
    deviates: 'as in the Databricks CLI',
  },
  { env: 'TOKEN=x', file: MAIN, gives: { says: 'no workspace is named' } },
  { env: 'CLIENT_ID=x', file: MAIN, gives: { says: 'no workspace is named' } },
  { env: 'ARM_USE_MSI=true', file: MAIN, gives: { says: 'no workspace is named' } },
  { env: 'OIDC_TOKEN_FILEPATH=/t', file: MAIN, gives: { says: 'no workspace is named' } },
  { env: 'AUTH_TYPE=pat', file: MAIN, gives: { as: `pat ${ONE}`, by: 'token of the profile DEFAULT' } },
  { file: EMPTY_DEFAULT, gives: { says: 'no workspace is named' } },
  { env: 'CONFIG_PROFILE=abc', file: EMPTY_DEFAULT, gives: { as: 'pat https://foo' } },
  {
    env: 'CONFIG_PROFILE=pat.with.dot',
    file: MAIN,
    gives: { as: 'pat https://dbc-3.cloud.databricks.com', by: 'token of the profile pat.with.dot' },
  },
  { env: 'CONFIG_PROFILE=nohost', file: MAIN, gives: { says: 'no workspace is named' } },
  { env: 'TOKEN=x CONFIG_PROFILE=nohost', file: MAIN, gives: { says: 'no workspace is named' } },
  {
    env: 'TOKEN=x CONFIG_PROFILE=notoken',
    file: MAIN,
    gives: { as: `pat ${TWO}`, by: 'DATABRICKS_TOKEN', at: 'the profile notoken' },
  },
  {
    env: 'TOKEN=x CONFIG_PROFILE=DEFAULT',
    file: MAIN,
    gives: { as: `pat ${ONE}`, by: 'DATABRICKS_TOKEN', at: 'the profile DEFAULT' },
  },
  {
    args: 'profile=DEFAULT',
    env: 'TOKEN=x',
    file: MAIN,
    gives: { as: `pat ${ONE}`, by: 'DATABRICKS_TOKEN' },
  },
  {
    args: 'host=y',
    env: 'TOKEN=x CONFIG_PROFILE=notoken',
    file: MAIN,
    gives: { says: `--host names https://y and the profile notoken names ${TWO}` },
    deviates: 'all who name a host must name the same',
  },
  {
    args: 'profile=principal',
    env: 'CONFIG_PROFILE=DEFAULT',
    file: MAIN,
    gives: {
      as: 'oauth-m2m https://dbc-4.cloud.databricks.com',
      by: 'client_secret of the profile principal',
    },
  },
  {
    args: 'profile=DEFAULT',
    env: 'CLIENT_ID=x CLIENT_SECRET=x',
    file: MAIN,
    gives: { says: 'more than one authorization method configured: oauth and pat' },
  },
  {
    env: 'TOKEN=x CONFIG_PROFILE=pinned',
    file: MAIN,
    gives: { says: 'auth_type of the profile pinned asks for oauth-m2m, but there is no client id' },
  },
  {
    env: 'AUTH_TYPE=basic CONFIG_PROFILE=DEFAULT',
    file: MAIN,
    gives: { says: 'DATABRICKS_AUTH_TYPE asks for basic' },
  },
  { env: 'CONFIG_PROFILE=DEFAULT', file: WITHOUT_DEFAULT, gives: { says: 'there is no profile DEFAULT' } },
  { file: WITHOUT_DEFAULT, gives: { says: 'no workspace is named' } },
  { file: SETTINGS.work, gives: { as: 'pat https://work', at: 'the profile work' } },
  { file: SETTINGS.workOnly, gives: { as: 'pat https://work', at: 'the profile work' } },
  { file: SETTINGS.empty, gives: { as: 'pat https://default', at: 'the profile DEFAULT' } },
  { file: SETTINGS.default, gives: { as: 'pat https://default', at: 'the profile DEFAULT' } },
  { file: SETTINGS.defaultGone, gives: { says: 'there is no profile DEFAULT' } },
  { args: 'profile=other', file: SETTINGS.work, gives: { as: 'pat https://other', at: 'the profile other' } },
  { env: 'CONFIG_PROFILE=other', file: SETTINGS.work, gives: { as: 'pat https://other' } },
  { file: SETTINGS.gone, gives: { says: 'there is no profile deleted' } },
  { file: SETTINGS.itself, gives: { says: '__settings__ is a reserved section name' } },
  {
    args: 'profile=__settings__',
    file: SETTINGS.work,
    gives: { says: '__settings__ is a reserved section name' },
  },
  {
    args: 'host=https://x',
    env: 'TOKEN=x',
    file: SETTINGS.work,
    gives: { as: 'pat https://x', by: 'DATABRICKS_TOKEN', at: '--host' },
  },
  { file: BROKEN, gives: { says: 'line 1 of the Databricks configuration file is no [section]' } },
  { env: 'HOST=x TOKEN=x', file: BROKEN, gives: { as: 'pat https://x' } },
  { env: 'HOST=x TOKEN=x CONFIG_FILE=/gone', gives: { as: 'pat https://x' } },
  {
    env: 'CONFIG_PROFILE=none',
    file: MAIN,
    gives: { as: 'pat https://dbc-6.cloud.databricks.com', workspace: 'undefined' },
  },
];
