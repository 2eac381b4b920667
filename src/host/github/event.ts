import { SettingsError } from '../../core/errors.ts';

/** What made the workflow run, as far as it matters here. */
export type Event = {
  /** `pull_request`, `push`, `schedule`, … */
  readonly name: string;
  /** The commit that the run is about: for a pull request the merge with its base, which is not one of its commits. */
  readonly sha: string;
  /** Where that commit is, without `refs/heads/`; null for a tag and for a pull request. */
  readonly branch: string | null;
  readonly pull: PullEvent | null;
  /** The last commit of a merge queue's group. */
  readonly groupSha: string | null;
  readonly push: PushEvent | null;
  /** A fork's and Dependabot's runs get no secrets and a token that only reads. */
  readonly isUntrusted: boolean;
};

export type PullEvent = {
  readonly number: number;
  readonly headSha: string;
  /** `owner/name`; null where the fork is gone. */
  readonly headRepository: string | null;
  readonly isMerged: boolean;
  /** Any other branch may be one that nobody protects. */
  readonly isIntoDefaultBranch: boolean;
  readonly mergeSha: string | null;
};

export type PushEvent = {
  readonly isDefaultBranch: boolean;
  /** Every commit that the push brought, as far as the event lists them. */
  readonly commits: readonly string[];
};

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws SettingsError where this is not a workflow run. */
export function parseEvent(env: Environment, payload: unknown): Event {
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  const sha = env['GITHUB_SHA'] ?? '';
  if (name === '' || sha === '') {
    throw new SettingsError('this is not a workflow run: GITHUB_EVENT_NAME or GITHUB_SHA is not set', {
      hint: 'elsewhere use the command line: lakebell plan',
    });
  }
  const event = objectAt(payload);
  const repository = env['GITHUB_REPOSITORY'] ?? '';
  const pull = pullOf(objectAt(event['pull_request']));
  const branch = branchOf(env['GITHUB_REF'] ?? '');
  return {
    name,
    sha,
    branch,
    pull,
    groupSha: textAt(objectAt(event['merge_group']), 'head_sha'),
    push: name === 'push' ? pushOf(event, branch) : null,
    isUntrusted: isForked(pull, repository) || isDependabot(env, event),
  };
}

/** Null where the event is about none, or does not say which and at which commit. */
function pullOf(pull: JsonObject): PullEvent | null {
  const head = objectAt(pull['head']);
  const [number, headSha] = [pull['number'], textAt(head, 'sha')];
  if (typeof number !== 'number' || headSha === null) return null;
  return {
    number,
    headSha,
    headRepository: textAt(objectAt(head['repo']), 'full_name'),
    isMerged: pull['merged'] === true,
    isIntoDefaultBranch: isDefaultBranch(objectAt(pull['base'])),
    mergeSha: textAt(pull, 'merge_commit_sha'),
  };
}

function isDefaultBranch(base: JsonObject): boolean {
  const branch = textAt(base, 'ref');
  return branch !== null && branch === textAt(objectAt(base['repo']), 'default_branch');
}

function branchOf(ref: string): string | null {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
}

function pushOf(event: JsonObject, branch: string | null): PushEvent {
  const commits: readonly unknown[] = Array.isArray(event['commits']) ? event['commits'] : [];
  return {
    isDefaultBranch: branch !== null && branch === textAt(objectAt(event['repository']), 'default_branch'),
    commits: commits.flatMap((commit) => textAt(objectAt(commit), 'id') ?? []),
  };
}

function isForked(pull: PullEvent | null, repository: string): boolean {
  return pull !== null && pull.headRepository !== repository;
}

function isDependabot(env: Environment, event: JsonObject): boolean {
  const bot = 'dependabot[bot]';
  return env['GITHUB_ACTOR'] === bot || textAt(objectAt(event['sender']), 'login') === bot;
}

type JsonObject = Readonly<Record<string, unknown>>;

function objectAt(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function textAt(object: JsonObject, key: string): string | null {
  const value = object[key];
  return typeof value === 'string' && value !== '' ? value : null;
}
