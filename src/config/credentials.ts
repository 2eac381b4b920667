/**
 * Environment variables that a configuration may not read: what lakebell itself logs in with, and what the runner
 * lends it. A pull request must not be able to send one of them to an address of its choice.
 */
const OWN = [
  /^DATABRICKS_/,
  /^ARM_/,
  /^AZURE_(CLIENT_SECRET|CLIENT_CERTIFICATE.*|FEDERATED_TOKEN.*|PASSWORD)$/,
  /^GITHUB_TOKEN$/,
  /^GH_TOKEN$/,
  /^ACTIONS_/,
  // Inputs of the action, `token` and `client-secret` among them.
  /^INPUT_/,
  /^LAKEBELL_/,
];

/** True for a variable that neither `${secrets.X}` nor `${env.X}` may read. */
export function isOwnCredential(variable: string): boolean {
  // Windows does not tell upper from lower case here.
  const folded = variable.toUpperCase();
  return OWN.some((pattern) => pattern.test(folded));
}
