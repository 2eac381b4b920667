import {
  type ConsideredMethod,
  countFindings,
  type DoctorDocument,
  type Finding,
  FINDING_GROUPS,
  findingDocument,
} from '../../core/doctor.ts';
import { EXIT, type ExitCode } from '../../core/errors.ts';
import type { Host } from '../../host/host.ts';
import { PLAN_FORMAT_VERSION } from '../../report/plan-document.ts';
import { worst } from '../each-target.ts';
import type { CommonOptions } from '../options.ts';
import { connectionOf, credentialSources, userAgentOf } from '../session.ts';
import { TOOL } from '../tool.ts';
import { type Admission, admit } from './admit.ts';
import { federationFindings } from './federation.ts';
import { githubFindings } from './github.ts';
import { checkConfig, versionFinding } from './installation.ts';
import { chooseCredentials } from './sign-in.ts';
import type { Visit } from './visit.ts';

export type Examined = { readonly document: DoctorDocument; readonly code: ExitCode };

/** Looks at everything that can be looked at without writing; whatever fails becomes a finding. */
export async function examine(
  host: Host,
  options: CommonOptions,
  target: string | undefined,
): Promise<Examined> {
  const { loaded, finding: config } = await checkConfig(host, options, target);
  const visit = visitOf(host, options, loaded);
  const attempt = await chooseCredentials(visit);
  const admission = await admit(visit, attempt);
  const findings = [
    ...admission.findings,
    ...(await federationFindings(visit, { ...admission, consideration: attempt.consideration })),
    ...(await githubFindings(visit, admission.person !== undefined)),
    versionFinding(host),
    config,
  ];
  const ordered = FINDING_GROUPS.flatMap((group) => findings.filter((finding) => finding.group === group));
  const { considered } = attempt;
  const named = loaded?.config.target.name ?? target ?? null;
  const document = documentOf(ordered, { ...admission, considered, target: named });
  return { document, code: worst([admission.code, ...ordered.map(codeOf)]) };
}

function visitOf(host: Host, options: CommonOptions, loaded: Visit['loaded']): Visit {
  const sources = credentialSources(host, options, loaded?.config.target ?? {});
  const connection = { ...connectionOf(host, options), userAgent: userAgentOf(host, 'unknown') };
  return { host, options, loaded, sources, connection };
}

/** A problem is a missing permission, unless it says another thing. */
function codeOf({ status, code }: Finding): ExitCode {
  if (status !== 'problem') return EXIT.done;
  return CODES[code] ?? EXIT.permission;
}

const CODES: Readonly<Record<string, ExitCode>> = {
  'config-invalid': EXIT.config,
  versions: EXIT.config,

  address: EXIT.api,
  // What was thrown says which.
  'sign-in': EXIT.done,
  identity: EXIT.done,
  rate: EXIT.done,
};

type About = Pick<Admission, 'origin' | 'credentials' | 'person' | 'client'> & {
  readonly considered: readonly ConsideredMethod[];
  readonly target: string | null;
};

function documentOf(findings: readonly Finding[], about: About): DoctorDocument {
  const { origin, credentials, person, client, considered, target } = about;
  return {
    format_version: PLAN_FORMAT_VERSION,
    tool: TOOL,
    workspace: {
      target,
      host: origin ?? null,
      workspace_id: person?.workspaceId ?? null,
      identity: person?.userName ?? null,
    },
    sign_in: { method: credentials?.authType ?? null, considered },
    healthy: findings.every(({ status }) => status !== 'problem'),
    summary: countFindings(findings),
    findings: findings.map(findingDocument),
    requests: client?.stats() ?? { count: 0, retried: 0, seconds: 0 },
  };
}
