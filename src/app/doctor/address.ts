import type { Finding } from '../../core/doctor.ts';
import type { AuthType } from '../../databricks/auth/method.ts';
import { isLoopback, parseHost } from '../../databricks/host.ts';
import { chooseProxy } from '../../databricks/proxy.ts';
import type { HostMetadata } from '../../databricks/auth/host-metadata.ts';
import { reach, type Reached } from '../../databricks/reach.ts';
import { failureOf } from './finding.ts';
import type { Visit } from './visit.ts';

export type Arrival = { readonly reached: Reached | undefined; readonly findings: readonly Finding[] };

const REACHED = { group: 'workspace', code: 'address', title: 'Address' } as const;

/** Whether the host answers at all, through which proxy, what kind of host it is, and what time it has. */
export async function visitAddress(
  { connection }: Visit,
  origin: string,
  authType: AuthType | undefined,
): Promise<Arrival> {
  let way = '';
  try {
    // Without its credentials.
    const proxy = chooseProxy(origin, connection.proxy ?? {})?.host;
    way = proxy === undefined ? '' : `, through the proxy ${proxy}`;
    const reached = await reach(origin, connection);
    const arrived: Finding = { ...REACHED, status: 'ok', detail: `${origin} answers${way}` };
    const findings = [arrived, kindFinding(origin, reached), clockFinding(reached, authType)];
    return { reached, findings };
  } catch (error) {
    const { detail, remedy } = failureOf(error);
    const said = `${origin} was not reached${way}: ${detail}`;
    const further = way === '' ? '' : '; NO_PROXY names hosts that need no proxy';
    const failure: Finding = { ...REACHED, status: 'problem', detail: said, remedy: remedy + further };
    return { reached: undefined, findings: [failure, kindFinding(origin, undefined)] };
  }
}

const KIND = { group: 'workspace', code: 'host-kind', title: 'Kind of host' } as const;

function kindFinding(origin: string, reached: Reached | undefined): Finding {
  const metadata = reached?.metadata;
  const { hostname } = parseHost(origin, 'the host');
  const isAccount = hostname.startsWith('accounts.') || metadata?.hostType === 'account';
  const kind = isAccount ? 'account console' : (metadata?.hostType ?? 'workspace');
  const parts = [
    kind,
    placeOf(hostname, metadata),
    ...(reached !== undefined && metadata === undefined ? [SILENT] : []),
  ];
  const detail = parts.join(', ');
  if (!isAccount) return { ...KIND, status: 'ok', detail };
  const remedy =
    'notifications belong to a workspace: set DATABRICKS_HOST, or the host of the target, to its address';
  return { ...KIND, status: 'problem', detail, remedy };
}

const SILENT = 'it says nothing about itself, as older ones do';

const CLOUDS: readonly (readonly [suffix: RegExp, cloud: string])[] = [
  [/\.cloud\.databricks\.(com|us|mil)$/, 'AWS'],
  [/\.(azuredatabricks\.net|databricks\.azure\.(us|cn))$/, 'Azure'],
  [/\.gcp\.databricks\.com$/, 'Google Cloud'],
];

function placeOf(hostname: string, metadata: HostMetadata | undefined): string {
  const said = metadata?.cloud === undefined ? '' : ` (it names ${metadata.cloud})`;
  if (isLoopback(hostname)) return `on loopback${said}`;
  return CLOUDS.find(([suffix]) => suffix.test(hostname))?.[1] ?? `a domain of your own${said}`;
}

const CLOCK = { group: 'workspace', code: 'clock', title: 'Clock' } as const;
const WORTH_SAYING_S = 60;
const TOO_FAR_S = 300;

/** Tokens that name times are refused where the clocks differ by more than a few minutes. */
function clockFinding({ aheadMs }: Reached, authType: AuthType | undefined): Finding {
  if (aheadMs === undefined) {
    const remedy = 'see that the clock of this machine is set by NTP';
    return { ...CLOCK, status: 'unknown', detail: 'the host does not tell its time', remedy };
  }
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (seconds <= WORTH_SAYING_S)
    return { ...CLOCK, status: 'ok', detail: 'within a minute of the clock of the host' };
  const detail = `this machine is ${seconds} s ${aheadMs > 0 ? 'behind' : 'ahead of'} the clock of the host`;
  const isFatal = seconds > TOO_FAR_S && authType !== 'pat';
  const remedy = 'set the clock of this machine, for example `sudo timedatectl set-ntp true`';
  const consequence = isFatal ? `; ${authType ?? 'signing in'} relies on times` : '';
  return { ...CLOCK, status: isFatal ? 'problem' : 'warning', detail: detail + consequence, remedy };
}
