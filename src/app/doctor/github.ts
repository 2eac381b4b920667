import type { Finding, Snippet } from '../../core/doctor.ts';
import { type Event, parseEvent } from '../../host/github/event.ts';
import { asObject } from '../../kinds/client.ts';
import { named, probe } from './finding.ts';
import { type Ask, askGitHub } from './github-asking.ts';
import { minuteOf } from '../../report/moment.ts';
import type { Visit } from './visit.ts';

/** The workflow's side; nothing elsewhere. */
export async function githubFindings(visit: Visit, isSignedIn: boolean): Promise<readonly Finding[]> {
  if (visit.host.env['GITHUB_ACTIONS'] !== 'true') return [];
  const [event, eventFinding] = await readEvent(visit);
  return [
    ...eventFinding,
    ...idTokenFinding(visit, isSignedIn),
    ...(await probe(PERMISSIONS, () => tokenFindings(visit, event))),
  ];
}

const EVENT = { group: 'github', code: 'event', title: 'Event' } as const;

async function readEvent({ host }: Visit): Promise<readonly [Event | undefined, readonly Finding[]]> {
  try {
    const path = host.env['GITHUB_EVENT_PATH'] ?? '';
    const payload: unknown = path === '' ? {} : JSON.parse(await host.readFile(path));
    const event = parseEvent(host.env, payload);
    return [event, [eventFinding(event)]];
  } catch {
    const detail = 'what made this workflow run could not be read';
    const remedy = 'leave GITHUB_EVENT_NAME, GITHUB_SHA and GITHUB_EVENT_PATH as the runner sets them';
    return [undefined, [{ ...EVENT, status: 'unknown', detail, remedy }]];
  }
}

function eventFinding({ name, isUntrusted, pull }: Event): Finding {
  if (name === 'pull_request_target') {
    const detail =
      'pull_request_target gives the secrets of the repository to a stranger: the action refuses it';
    return { ...EVENT, status: 'problem', detail, remedy: 'use `pull_request`' };
  }
  if (isUntrusted) {
    const detail = `${name} of a fork or of Dependabot: it gets no secrets, no identity token, and a token of GitHub that only reads`;
    const remedy =
      'nothing needs to be done: the action checks the configuration there, and plans once the change is on a branch of this repository';
    return { ...EVENT, status: 'warning', detail, remedy };
  }
  const which = pull === null ? '' : ` ${pull.number}`;
  return { ...EVENT, status: 'ok', detail: name + which };
}

const ID_TOKEN = { group: 'github', code: 'id-token', title: 'Identity token' } as const;

function idTokenFinding({ host }: Visit, isSignedIn: boolean): readonly Finding[] {
  const isGiven = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'].every(
    (name) => (host.env[name] ?? '').trim() !== '',
  );
  if (isGiven) return [{ ...ID_TOKEN, status: 'ok', detail: 'this job can have one (id-token: write)' }];
  const detail = 'this job can have none, so it cannot sign in without a stored secret';
  const remedy = 'give the job these permissions; runs of forks and Dependabot get none whatever they say';
  const snippets: readonly Snippet[] = [
    { title: 'In the job', language: 'yaml', text: 'permissions:\n  contents: read\n  id-token: write' },
  ];
  if (isSignedIn) return [{ ...ID_TOKEN, status: 'ok', detail: `${detail}; it has one`, snippets }];
  return [{ ...ID_TOKEN, status: 'warning', detail, remedy, snippets }];
}

const PERMISSIONS = { group: 'github', code: 'github-permissions', title: 'Permissions of the job' } as const;

async function tokenFindings(
  { host, connection }: Visit,
  event: Event | undefined,
): Promise<readonly Finding[]> {
  const asking = askGitHub(host.env, connection);
  if (asking === undefined) {
    const detail = 'no GITHUB_TOKEN is handed to this step';
    const text = 'env:\n  GITHUB_TOKEN: ${{ github.token }}';
    const snippets: readonly Snippet[] = [{ title: 'In the step', language: 'yaml', text }];
    return [{ ...PERMISSIONS, status: 'unknown', detail, remedy: 'hand it over', snippets }];
  }
  const { ask, run } = asking;
  const at = `/repos/${run.repository}`;
  const repository = await ask(at);
  if (repository.status === 401) return [wrongToken()];
  const sha = host.env['GITHUB_SHA'] ?? '';
  const verdicts = await Promise.all(AREAS.map(({ path }) => readable(ask, at + path(sha))));
  const isPublic = repository.body['private'] === false;
  return [permissionFinding(verdicts, { event, isPublic }), await rateFinding(ask)];
}

function wrongToken(): Finding {
  const remedy = 'hand over `${{ github.token }}`; it ends with the job';
  return { ...PERMISSIONS, status: 'problem', detail: 'GitHub does not know the token', remedy };
}

/** What the action asks for, and what shows whether that may be read. `level`: what the mode needs that uses it. */
const AREAS = [
  { area: 'pull-requests', level: 'write', path: (sha: string) => `/commits/${sha}/pulls?per_page=1` },
  { area: 'checks', level: 'write', path: (sha: string) => `/commits/${sha}/check-runs?per_page=1` },
  { area: 'issues', level: 'write', path: () => '/issues?per_page=1' },
] as const;

type Verdict = 'read' | 'none' | 'untold';

async function readable(ask: Ask, path: string): Promise<Verdict> {
  const { status, text } = await ask(path);
  // An unknown commit is refused only to who may read.
  if (status === 200 || status === 422) return 'read';
  return status === 403 && text.includes('Resource not accessible') ? 'none' : 'untold';
}

type Surroundings = { readonly event: Event | undefined; readonly isPublic: boolean };

/** No read tells whether something may be written, and what everybody may read tells nothing at all. */
function permissionFinding(verdicts: readonly Verdict[], { event, isPublic }: Surroundings): Finding {
  const areas = (verdict: Verdict): readonly string[] =>
    AREAS.flatMap(({ area }, at) => (verdicts[at] === verdict ? [area] : []));
  const needed = neededBy(event);
  const missing = areas('none').filter((area) => needed.includes(area));
  const snippets = [permissionSnippet(needed)];
  if (missing.length > 0) {
    const detail = `${named(missing)} may not even be read`;
    const remedy = 'give the job these permissions, in the workflow file or where it is called';
    return {
      ...PERMISSIONS,
      status: event?.isUntrusted === true ? 'warning' : 'problem',
      detail,
      remedy,
      snippets,
    };
  }
  const read = areas('read').filter((area) => needed.includes(area));
  const known = isPublic || read.length === 0 ? '' : `${named(read)} can be read; `;
  const reason = isPublic ? ', and everybody may read a public repository' : '';
  const detail = `${known}whether the job may write is told by no read${reason}`;
  const remedy = `compare the job with what the event ${event?.name ?? ''} needs`.replace('  ', ' ');
  return { ...PERMISSIONS, status: 'unknown', detail, remedy, snippets };
}

function neededBy(event: Event | undefined): readonly string[] {
  return event?.name === 'schedule' ? ['issues'] : ['pull-requests', 'checks'];
}

function permissionSnippet(needed: readonly string[]): Snippet {
  const levels = AREAS.filter(({ area }) => needed.includes(area)).map(
    ({ area, level }) => `  ${area}: ${level}`,
  );
  const lines = ['permissions:', '  contents: read', ...levels, '  id-token: write'];
  return { title: 'In the job', language: 'yaml', text: lines.join('\n') };
}

const RATE = { group: 'github', code: 'github-rate', title: 'Requests to GitHub' } as const;
const FEW = 100;

async function rateFinding(ask: Ask): Promise<Finding> {
  const { status, body } = await ask('/rate_limit');
  const core = asObject(asObject(body['resources'])['core']);
  const [limit, remaining, reset] = [core['limit'], core['remaining'], core['reset']].map(Number);
  if (status !== 200 || remaining === undefined || Number.isNaN(remaining)) {
    const detail = 'how many are left was not told';
    return {
      ...RATE,
      status: 'unknown',
      detail,
      remedy: "try again; if it lasts, look at GitHub's status page",
    };
  }
  const until = reset === undefined || Number.isNaN(reset) ? '' : ` until ${minuteOf(reset * 1000)}`;
  const detail = `${remaining} of ${limit ?? '?'} are left${until}`;
  if (remaining >= FEW) return { ...RATE, status: 'ok', detail };
  const remedy = 'wait until then: all workflows of the repository share them';
  return { ...RATE, status: 'warning', detail, remedy };
}
