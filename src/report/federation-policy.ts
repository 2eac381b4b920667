import type { Snippet } from '../core/doctor.ts';

/** Who a token says that it is about, for whom it is, and who says so. */
export type Federated = { readonly subject: string; readonly audience: string; readonly issuer: string };

/** Where an account's own pages and API are. */
export type AccountConsole = { readonly host: string; readonly accountId: string | null };

/** The policy that lets exactly this token act as a service principal: for a shell, for Terraform and for the REST API. */
export function policySnippets(federated: Federated, console: AccountConsole): readonly Snippet[] {
  return [commandSnippet(federated, console), terraformSnippet(federated), restSnippet(federated, console)];
}

const PRINCIPAL = 'SERVICE_PRINCIPAL_ID';

function policyOf({ subject, audience, issuer }: Federated): object {
  return { oidc_policy: { issuer, audiences: [audience], subject } };
}

/** Nested under `oidc_policy`: the flat form of the CLI's reference page is dropped with a warning. */
function commandSnippet(federated: Federated, { host, accountId }: AccountConsole): Snippet {
  const lines = [
    `databricks auth login --host ${host} --account-id ${accountId ?? 'ACCOUNT_ID'}`,
    `databricks account service-principal-federation-policy create ${PRINCIPAL} \\`,
    `  --json ${quoted(JSON.stringify(policyOf(federated)))}`,
  ];
  return { title: 'As an account admin, with the Databricks CLI', language: 'sh', text: lines.join('\n') };
}

function terraformSnippet({ subject, audience, issuer }: Federated): Snippet {
  const lines = [
    'resource "databricks_service_principal_federation_policy" "lakebell" {',
    '  provider             = databricks.account',
    `  service_principal_id = ${PRINCIPAL}`,
    '  oidc_policy = {',
    `    issuer    = ${hcl(issuer)}`,
    `    audiences = [${hcl(audience)}]`,
    `    subject   = ${hcl(subject)}`,
    '  }',
    '}',
  ];
  return { title: 'With Terraform, a provider of the account', language: 'hcl', text: lines.join('\n') };
}

function restSnippet(federated: Federated, { host, accountId }: AccountConsole): Snippet {
  const path = `/api/2.0/accounts/${accountId ?? 'ACCOUNT_ID'}/servicePrincipals/${PRINCIPAL}/federationPolicies`;
  return {
    title: `With the REST API: POST ${host}${path}`,
    language: 'json',
    text: JSON.stringify(policyOf(federated), null, 2),
  };
}

/** One word of a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A text of HCL, in which nothing is put in. */
function hcl(text: string): string {
  return JSON.stringify(text).replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
}
