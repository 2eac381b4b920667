/** The action's inputs, by their names there. */
export type InputName = 'token' | 'client-id' | 'client-secret' | 'auth-type';

/** What an attribute is called as input, as environment variable and in a profile; the first name that is set counts. */
export type Name = {
  readonly input?: InputName;
  readonly variables: readonly string[];
  readonly keys: readonly string[];
};

export const TOKEN: Name = { input: 'token', variables: ['DATABRICKS_TOKEN'], keys: ['token'] };
export const CLIENT_ID: Name = {
  input: 'client-id',
  variables: ['DATABRICKS_CLIENT_ID'],
  keys: ['client_id'],
};
export const CLIENT_SECRET: Name = {
  input: 'client-secret',
  variables: ['DATABRICKS_CLIENT_SECRET'],
  keys: ['client_secret'],
};
export const AUTH_TYPE: Name = {
  input: 'auth-type',
  variables: ['DATABRICKS_AUTH_TYPE'],
  keys: ['auth_type'],
};
/** The Go SDK writes the first key, those for Python and Java the second. */
export const AUDIENCE: Name = {
  variables: ['DATABRICKS_TOKEN_AUDIENCE'],
  keys: ['audience', 'token_audience'],
};
export const ACCOUNT_ID: Name = { variables: ['DATABRICKS_ACCOUNT_ID'], keys: ['account_id'] };
export const WORKSPACE_ID: Name = { variables: ['DATABRICKS_WORKSPACE_ID'], keys: ['workspace_id'] };
export const ID_TOKEN_VARIABLE: Name = {
  variables: ['DATABRICKS_OIDC_TOKEN_ENV'],
  keys: ['oidc_token_env'],
};
/** Each SDK has a name of its own here, and the one for Python an old one besides. */
export const ID_TOKEN_FILE: Name = {
  variables: ['DATABRICKS_OIDC_TOKEN_FILEPATH', 'DATABRICKS_OIDC_TOKEN_FILE'],
  keys: ['databricks_id_token_filepath', 'oidc_token_filepath'],
};
export const AZURE_CLIENT_ID: Name = { variables: ['ARM_CLIENT_ID'], keys: ['azure_client_id'] };
export const AZURE_CLIENT_SECRET: Name = {
  variables: ['ARM_CLIENT_SECRET'],
  keys: ['azure_client_secret'],
};
export const AZURE_TENANT_ID: Name = { variables: ['ARM_TENANT_ID'], keys: ['azure_tenant_id'] };
export const AZURE_USE_MSI: Name = { variables: ['ARM_USE_MSI'], keys: ['azure_use_msi'] };
export const AZURE_ENVIRONMENT: Name = { variables: ['ARM_ENVIRONMENT'], keys: ['azure_environment'] };
export const AZURE_RESOURCE_ID: Name = {
  variables: ['DATABRICKS_AZURE_RESOURCE_ID'],
  keys: ['azure_workspace_resource_id'],
};
export const CLOUD: Name = { variables: ['DATABRICKS_CLOUD'], keys: ['cloud'] };
export const CLI_PATH: Name = { variables: ['DATABRICKS_CLI_PATH'], keys: ['databricks_cli_path'] };

/** What only methods use that lakebell does not have, by the official name of what they belong to. */
export const FOREIGN = {
  basic: { variables: ['DATABRICKS_USERNAME', 'DATABRICKS_PASSWORD'], keys: ['username', 'password'] },
  google: {
    variables: ['GOOGLE_CREDENTIALS', 'DATABRICKS_GOOGLE_SERVICE_ACCOUNT'],
    keys: ['google_credentials', 'google_service_account'],
  },
  'metadata-service': {
    variables: ['DATABRICKS_METADATA_SERVICE_URL'],
    keys: ['metadata_service_url'],
  },
} satisfies Record<string, Name>;
