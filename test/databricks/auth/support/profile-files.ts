/** Profile files like those that the Databricks SDKs test with. */
export const MAIN = `[DEFAULT]
host = https://dbc-1.cloud.databricks.com/
token = default-token
debug_truncate = 10
[nohost]
token = nohost-token
[notoken]
host = https://dbc-2.cloud.databricks.com
[azure]
host = https://adb-123.4.azuredatabricks.net/
token = azure-token
[pat.with.dot]
host = https://dbc-3.cloud.databricks.com
token = dot-token # of old
[principal]
host = https://dbc-4.cloud.databricks.com
client_id = principal
client_secret = principal-secret
[pinned]
host = https://dbc-5.cloud.databricks.com
auth_type = oauth-m2m
[none]
host = https://dbc-6.cloud.databricks.com
token = none-token
workspace_id = none
[routed]
host = https://dbc-7.cloud.databricks.com
token = routed-token
workspace_id = 42
[twin]
host = dbc-8.cloud.databricks.com
token = twin-token
[twin2]
host = https://dbc-8.cloud.databricks.com
token = twin2-token
[unified-1]
host = https://unified.databricks.com
token = one
workspace_id = 1
[unified-2]
host = https://unified.databricks.com/?o=2
token = two
[file-go]
host = https://dbc-9.cloud.databricks.com
databricks_id_token_filepath = /t
[file-py]
host = https://dbc-9.cloud.databricks.com
oidc_token_filepath = /t
[azure-host]
host = https://adb-456.7.azuredatabricks.net
[azure-spn]
host = https://adb-123.4.azuredatabricks.net
azure_tenant_id = tenant.test
azure_client_id = principal
azure_client_secret = "profile-secret"
[cli-login]
host = https://dbc-10.cloud.databricks.com
auth_type = databricks-cli
[cli-nowhere]
auth_type = databricks-cli
[empty]
`;
/** No default profile. */
export const WITHOUT_DEFAULT = '[nohost]\ntoken = t\n[notoken]\nhost = https://dbc-2.cloud.databricks.com\n';
/** A default profile with nothing in it. */
export const EMPTY_DEFAULT = '[DEFAULT]\n[abc]\nhost = https://foo\ntoken = t\n';

const WORK = '[work]\nhost = https://work\ntoken = work-token\n';
const DEFAULT = '[DEFAULT]\nhost = https://default\ntoken = default-token\n';
const OTHER = '[other]\nhost = https://other\ntoken = other-token\n';

function settings(name: string): string {
  return `[__settings__]\ndefault_profile = ${name}\n`;
}

export const SETTINGS = {
  work: settings('work') + DEFAULT + WORK + OTHER,
  workOnly: settings('work') + WORK,
  empty: `[__settings__]\n${DEFAULT}${WORK}`,
  default: settings('DEFAULT') + DEFAULT + WORK,
  defaultGone: settings('DEFAULT') + WORK,
  gone: settings('deleted') + DEFAULT,
  itself: settings('__settings__') + DEFAULT,
};
export const BROKEN = '[[[[[bad\n';
