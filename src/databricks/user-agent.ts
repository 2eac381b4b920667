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

type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined outside of the CI systems that the Databricks clients know, by the names that they give them. */
export function ciIn(env: Environment): string | undefined {
  return PROVIDERS.find(([, marks]) => marks.every(([name, value]) => isMarked(env[name], value)))?.[0];
}

function isMarked(text: string | undefined, value: string | undefined): boolean {
  return value === undefined ? (text ?? '') !== '' : text === value;
}

type Mark = readonly [variable: string, value?: string];

/** The first that fits; without a value the variable has to be there. */
const PROVIDERS: readonly (readonly [provider: string, marks: readonly Mark[]])[] = [
  ['github', [['GITHUB_ACTIONS', 'true']]],
  ['gitlab', [['GITLAB_CI', 'true']]],
  ['jenkins', [['JENKINS_URL']]],
  ['azure-devops', [['TF_BUILD', 'True']]],
  ['circle', [['CIRCLECI', 'true']]],
  ['travis', [['TRAVIS', 'true']]],
  ['bitbucket', [['BITBUCKET_BUILD_NUMBER']]],
  ['google-cloud-build', [['PROJECT_ID'], ['BUILD_ID'], ['PROJECT_NUMBER'], ['LOCATION']]],
  ['aws-code-build', [['CODEBUILD_BUILD_ARN']]],
  ['tf-cloud', [['TFC_RUN_ID']]],
];
