import type { Finding } from '../../core/doctor.ts';
import { EXIT, type ExitCode, ToolError } from '../../core/errors.ts';
import type { Credentials } from '../../databricks/auth/resolve.ts';
import type { DatabricksClient } from '../../databricks/client.ts';
import type { Reached } from '../../databricks/reach.ts';
import { openClient } from '../session.ts';
import { type Arrival, visitAddress } from './address.ts';
import { alertFindings, registryFindings } from './apis.ts';
import { destinationFindings } from './destinations.ts';
import type { Outcome } from './federation.ts';
import { type About, failureOf } from './finding.ts';
import { identityFindings, readPerson } from './identity.ts';
import { jobFindings } from './jobs.ts';
import { pipelineFindings } from './pipelines.ts';
import { recordFindings } from './record.ts';
import { rateFinding } from './requests.ts';
import type { Attempt } from './sign-in.ts';
import { systemTableFindings } from './system-tables.ts';
import type { Person, Visit, Ward } from './visit.ts';

/** How far one came. */
export type Admission = {
  readonly origin: string | undefined;
  readonly accountId: string | undefined;
  readonly outcome: Outcome;
  readonly credentials: Credentials | undefined;
  readonly person: Person | undefined;
  readonly client: DatabricksClient | undefined;
  readonly findings: readonly Finding[];
  readonly code: ExitCode;
};

/** Goes to the host, signs in, and looks at what this identity may do. */
export async function admit(visit: Visit, attempt: Attempt): Promise<Admission> {
  const { credentials, consideration, finding, code } = attempt;
  const origin = credentials?.host ?? consideration.origin;
  const arrival = await arrive(visit, origin, credentials);
  const { reached } = arrival;
  const common = { origin, accountId: reached?.metadata?.accountId, credentials };
  const before = [finding, ...arrival.findings];
  if (credentials === undefined || reached === undefined) {
    const findings = [...before, NOT_EXAMINED];
    return { ...common, outcome: 'nobody', person: undefined, client: undefined, findings, code };
  }
  const entered = await enter(visit, credentials, reached);
  const outcome = outcomeOf(credentials, entered);
  return { ...common, ...entered, outcome, findings: [...before, ...entered.findings] };
}

async function arrive(
  visit: Visit,
  origin: string | undefined,
  credentials: Credentials | undefined,
): Promise<Arrival> {
  if (origin === undefined) return { reached: undefined, findings: [] };
  return visitAddress(visit, origin, credentials?.authType);
}

function outcomeOf({ authType }: Credentials, { person }: Entered): Outcome {
  if (authType !== 'github-oidc') return person === undefined ? 'nobody' : 'another';
  return person === undefined ? 'refused' : 'accepted';
}

const NOT_EXAMINED: Finding = {
  group: 'permissions',
  code: 'not-examined',
  title: 'What it may do',
  status: 'unknown',
  detail: 'was not looked at, as nobody is signed in',
  remedy: 'mend first what keeps it from signing in',
};

type Entered = Pick<Admission, 'person' | 'client' | 'findings' | 'code'>;

async function enter(visit: Visit, credentials: Credentials, reached: Reached): Promise<Entered> {
  const refusals = { count: 0 };
  let client: DatabricksClient;
  try {
    client = openClient(visit.host, visit.options, {
      credentials,
      access: 'read',
      secrets: visit.loaded?.config.secrets ?? [],
      retry: IMPATIENT,
      onRetry: ({ status }) => (refusals.count += status === 429 ? 1 : 0),
    });
  } catch (error) {
    return kept(RATE, error, undefined);
  }
  try {
    const person = await readPerson(client);
    const ward = { ...visit, credentials, client, person, reached };
    const permissions = await examineWard(ward, () => refusals.count);
    return { person, client, findings: [...identityFindings(person), ...permissions], code: EXIT.done };
  } catch (error) {
    return kept(IDENTITY, error, client);
  }
}

const RATE = { group: 'requests', code: 'rate', title: 'Rate' } as const;
const IDENTITY = { group: 'sign-in', code: 'identity', title: 'Identity' } as const;

/** What kept us from getting further. */
function kept(about: About, error: unknown, client: DatabricksClient | undefined): Entered {
  const failure: Finding = { ...about, status: 'problem', ...failureOf(error) };
  const code = error instanceof ToolError ? error.exitCode : EXIT.config;
  return { person: undefined, client, findings: [failure, NOT_EXAMINED], code };
}

/** Whoever asks a doctor does not want to wait for minutes where something is down. */
const IMPATIENT = { attempts: 3, deadlineMs: 15_000 };

async function examineWard(ward: Ward, refused: () => number): Promise<readonly Finding[]> {
  const { record, findings: remembered } = await recordFindings(ward);
  const { seen, findings: jobs } = await jobFindings(ward, record);
  const others = await Promise.all(
    [destinationFindings, pipelineFindings, registryFindings, alertFindings, systemTableFindings].map(
      (look) => look(ward),
    ),
  );
  const told = { refused: refused(), ...(seen === undefined ? {} : { seen }) };
  const [destinations = [], ...rest] = others;
  return [...destinations, ...jobs, ...rest.flat(), ...remembered, rateFinding(ward, told)];
}
