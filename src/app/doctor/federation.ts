import type { Finding, Snippet } from '../../core/doctor.ts';
import { type Consideration, readRunIdentity, type RunIdentity } from '../../databricks/auth/consider.ts';
import { policySnippets } from '../../report/federation-policy.ts';
import { probe } from './finding.ts';
import type { Visit } from './visit.ts';

/**
 * How far signing in with the identity of the job came. `another`: another method signs in. `nobody`: it was not tried, and
 * no other method signs in either.
 */
export type Outcome = 'accepted' | 'refused' | 'another' | 'nobody';

export type Federation = {
  readonly origin: string | undefined;
  readonly consideration: Consideration;
  readonly outcome: Outcome;
  readonly accountId: string | undefined;
};

const ABOUT = { group: 'federation', code: 'federation', title: 'Identity of this job' } as const;

/** Who this job is to the workspace, and the policy that lets exactly this in; nothing where GitHub gives no identity. */
export function federationFindings(visit: Visit, federation: Federation): Promise<readonly Finding[]> {
  return probe(ABOUT, async () => {
    const { origin, consideration } = federation;
    if (origin === undefined) return [];
    const run = await readRunIdentity(origin, consideration.attributes, visit.connection);
    if (run === undefined) return [];
    return [policyFinding(run, federation), ...audienceFinding(run, federation), ...subjectFinding(run)];
  });
}

function policyFinding(run: RunIdentity, federation: Federation): Finding {
  const { outcome, accountId = accountSetIn(federation) } = federation;
  const host = consoleOf(federation.origin ?? '');
  const snippets = policySnippets(run, { host, accountId: accountId ?? null });
  const who = `subject ${run.subject}, audience ${run.audience}, issuer ${run.issuer}${noteOf(run)}`;
  if (outcome === 'accepted') return { ...ABOUT, status: 'ok', detail: `${who}: accepted`, snippets };
  if (outcome === 'another') {
    const detail = `${who}; another method signs in, and this one would need no stored secret`;
    return { ...ABOUT, status: 'ok', detail, snippets };
  }
  if (outcome === 'nobody') {
    const remedy = `to sign in with it, set DATABRICKS_CLIENT_ID to the application id of a service principal, and ${REMEDY}`;
    return { ...ABOUT, status: 'warning', detail: `${who}: not tried`, remedy, snippets };
  }
  return { ...ABOUT, status: 'problem', detail: `${who}: not accepted`, remedy: REMEDY, snippets };
}

const REMEDY =
  'let an account admin create exactly this policy, in one of these three ways; SERVICE_PRINCIPAL_ID is the numeric id in the account console under Service principals, not the application id that DATABRICKS_CLIENT_ID holds. One policy for every principal of the account is made with `databricks account federation-policy create`, without a subject';

function accountSetIn({ consideration }: Federation): string | undefined {
  return consideration.attributes.accountId?.value;
}

/** Repositories made or renamed since July 2026 carry ids that stay when a name is given to somebody else. */
function noteOf({ subject }: RunIdentity): string {
  const hasIds = /^repo:[^/:]+@\d+\/[^:]+@\d+:/.test(subject);
  return hasIds ? ' (with the ids of owner and repository, which belong into the policy)' : '';
}

const CONSOLES: readonly (readonly [suffix: RegExp, host: string])[] = [
  [/\.azuredatabricks\.net$/, 'https://accounts.azuredatabricks.net'],
  [/\.gcp\.databricks\.com$/, 'https://accounts.gcp.databricks.com'],
  [/\.cloud\.databricks\.us$/, 'https://accounts.cloud.databricks.us'],
];

/** Where the account of a workspace is administered. */
function consoleOf(origin: string): string {
  return CONSOLES.find(([suffix]) => suffix.test(origin))?.[1] ?? 'https://accounts.cloud.databricks.com';
}

function audienceFinding(run: RunIdentity, federation: Federation): readonly Finding[] {
  const { outcome, accountId = accountSetIn(federation) } = federation;
  if (run.audienceFrom !== undefined || outcome === 'accepted' || outcome === 'another') return [];
  const wanted = accountId ?? 'ACCOUNT_ID';
  const detail = `DATABRICKS_TOKEN_AUDIENCE is not set, so it is ${run.audience}, the default of this host; a policy without audiences takes the account id alone`;
  const remedy = 'set it to the id of the account, here and in `audiences` of the policy';
  const snippets: readonly Snippet[] = [
    {
      title: 'In the job',
      language: 'yaml',
      text: `env:\n  DATABRICKS_TOKEN_AUDIENCE: ${wanted}`,
    },
  ];
  const about = { group: 'federation', code: 'federation-audience', title: 'Audience' } as const;
  return [{ ...about, status: 'warning', detail, remedy, snippets }];
}

/** Everybody who may open a pull request decides what such a job runs. */
function subjectFinding({ subject }: RunIdentity): readonly Finding[] {
  if (!subject.endsWith(':pull_request')) return [];
  const detail =
    'it is the same for every pull request of the repository, from whichever branch: whoever may push a branch can act as this principal';
  const remedy =
    'give this subject a service principal that only reads, and let the job that applies name an `environment:`, which makes a subject of its own';
  const about = { group: 'federation', code: 'federation-subject', title: 'Subject' } as const;
  return [{ ...about, status: 'warning', detail, remedy }];
}
