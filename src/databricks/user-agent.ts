export type UserAgentParts = {
  readonly version: string;
  /** `process.versions.node`. */
  readonly nodeVersion: string;
  /** `process.platform`. */
  readonly platform: string;
  readonly authType: string;
  /** For example `github`. */
  readonly ci?: string | undefined;
};

/** The convention of the Databricks clients: `lakebell/0.1.0 nodejs/24.1.0 os/linux auth/pat cicd/github`. */
export function formatUserAgent(parts: UserAgentParts): string {
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ['lakebell', parts.version],
    ['nodejs', parts.nodeVersion],
    ['os', parts.platform],
    ['auth', parts.authType],
    ['cicd', parts.ci],
  ];
  return pairs
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}/${String(value).replace(/[^\w.+-]/g, '-')}`)
    .join(' ');
}
