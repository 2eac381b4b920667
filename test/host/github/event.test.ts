import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { SettingsError } from '../../../src/core/errors.ts';
import { type Event, parseEvent } from '../../../src/host/github/event.ts';
import {
  type Payload,
  type PullRequestEvent,
  mergeGroupEvent,
  pullRequestEvent,
  pushEvent,
  scheduleEvent,
  workflowDispatchEvent,
} from '../../github/payloads.ts';

const REPOSITORY = 'acme/notifications';
const AT = { repository: REPOSITORY, defaultBranch: 'trunk' };
const [SHA, HEAD, BEFORE] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];

type Environment = Readonly<Record<string, string>>;

const environment = (name: string, ref: string, more: Environment = {}): Environment => ({
  GITHUB_EVENT_NAME: name,
  GITHUB_SHA: SHA,
  GITHUB_REF: ref,
  GITHUB_REPOSITORY: REPOSITORY,
  GITHUB_ACTOR: 'octocat',
  ...more,
});

function ofPull(parts: Partial<PullRequestEvent> = {}, more: Environment = {}): Event {
  const asked = { ...AT, action: 'opened', number: 7, headSha: HEAD, headRef: 'change', ...parts };
  return parseEvent(environment('pull_request', 'refs/pull/7/merge', more), pullRequestEvent(asked));
}

function ofPush(ref: string, parts: Partial<Parameters<typeof pushEvent>[0]> = {}): Event {
  const payload = pushEvent({ ...AT, ref, before: BEFORE, after: SHA, ...parts });
  return parseEvent(environment('push', ref), payload);
}

describe('an event of a pull request', () => {
  test.each(['opened', 'synchronize', 'reopened', 'edited'])(
    'tells which, and its last commit: %s',
    (action) => {
      expect(ofPull({ action })).toEqual({
        name: 'pull_request',
        sha: SHA,
        branch: null,
        pull: {
          number: 7,
          headSha: HEAD,
          headRepository: REPOSITORY,
          isMerged: false,
          isIntoDefaultBranch: true,
          mergeSha: null,
        },
        groupSha: null,
        push: null,
        isUntrusted: false,
      });
    },
  );

  test('tells that it is merged, and as which commit', () => {
    const merged = ofPull({ action: 'closed', merged: true, mergeCommitSha: BEFORE });
    expect(merged.pull).toMatchObject({ isMerged: true, mergeSha: BEFORE });
    expect(ofPull({ action: 'closed' }).pull).toMatchObject({ isMerged: false, mergeSha: null });
  });

  test('is not trusted where it comes from a fork, or from one that is gone', () => {
    const fork = ofPull({ headRepo: 'mona/notifications' });
    expect([fork.isUntrusted, fork.pull?.headRepository]).toEqual([true, 'mona/notifications']);
    const gone = ofPull({ headRepo: null });
    expect([gone.isUntrusted, gone.pull?.headRepository]).toEqual([true, null]);
  });

  test('is not trusted where Dependabot set it off, whoever runs it again', () => {
    expect(ofPull({ sender: 'dependabot' }).isUntrusted).toBe(true);
    expect(ofPull({}, { GITHUB_ACTOR: 'dependabot[bot]' }).isUntrusted).toBe(true);
    expect(ofPull({}, { GITHUB_ACTOR: 'dependabot' }).isUntrusted).toBe(false);
  });

  test('is not trusted where it is not known whose repository this is', () => {
    expect(ofPull({}, { GITHUB_REPOSITORY: '' }).isUntrusted).toBe(true);
  });

  test('tells of the base where GitHub runs it for the base', () => {
    const payload = pullRequestEvent({
      ...AT,
      action: 'opened',
      number: 7,
      headSha: HEAD,
      headRef: 'change',
    });
    const event = parseEvent(environment('pull_request_target', 'refs/heads/trunk'), payload);
    expect(event).toMatchObject({ name: 'pull_request_target', branch: 'trunk', pull: { number: 7 } });
  });
});

describe('an event of a push', () => {
  test('tells the branch and the commits that it brought', () => {
    expect(ofPush('refs/heads/trunk', { commits: [HEAD, SHA] })).toEqual({
      name: 'push',
      sha: SHA,
      branch: 'trunk',
      pull: null,
      groupSha: null,
      push: { isDefaultBranch: true, commits: [HEAD, SHA] },
      isUntrusted: false,
    });
  });

  test.each([
    ['refs/heads/trunk', 'trunk', true],
    ['refs/heads/main', 'main', false],
    ['refs/heads/topic/trunk', 'topic/trunk', false],
    ['refs/heads/Trunk', 'Trunk', false],
    ['refs/heads/refs/heads/trunk', 'refs/heads/trunk', false],
    ['refs/tags/trunk', null, false],
    ['refs/tags/v1', null, false],
  ])('to %s is to the branch %s; the default one: %s', (ref, branch, isDefaultBranch) => {
    expect(ofPush(ref)).toMatchObject({ branch, push: { isDefaultBranch } });
  });

  test('brings nothing where it deletes a branch', () => {
    const event = ofPush('refs/heads/old', { after: '0'.repeat(40) });
    expect(event).toMatchObject({ branch: 'old', push: { isDefaultBranch: false, commits: [] } });
  });
});

describe('any other event', () => {
  test('of a merge queue tells the last commit of its group', () => {
    const headRef = `refs/heads/gh-readonly-queue/trunk/pr-7-${BEFORE}`;
    const payload = mergeGroupEvent({
      ...AT,
      headSha: HEAD,
      headRef,
      baseSha: BEFORE,
      baseRef: 'refs/heads/trunk',
    });
    expect(parseEvent(environment('merge_group', headRef), payload)).toMatchObject({
      name: 'merge_group',
      sha: SHA,
      groupSha: HEAD,
      pull: null,
      push: null,
    });
  });

  test.each([
    [
      'workflow_dispatch',
      workflowDispatchEvent({ ...AT, ref: 'refs/heads/trunk', inputs: { mode: 'apply' } }),
    ],
    ['schedule', scheduleEvent({ ...AT, schedule: '0 6 * * *' })],
    ['issue_comment', { issue: { number: 7, pull_request: { url: 'x' } }, comment: {} }],
  ])('(%s) tells of a commit and its branch alone', (name, payload) => {
    expect(parseEvent(environment(name, 'refs/heads/trunk'), payload)).toEqual({
      name,
      sha: SHA,
      branch: 'trunk',
      pull: null,
      groupSha: null,
      push: null,
      isUntrusted: false,
    });
  });
});

describe('a damaged event', () => {
  const names = ['pull_request', 'push', 'merge_group', 'schedule', 'workflow_dispatch'];

  test.each([null, undefined, {}, [], [{}], 'text', '', 1, true])(
    '%j tells of nothing, and breaks nothing',
    (payload) => {
      for (const name of names) {
        const event = parseEvent(environment(name, 'refs/heads/trunk'), payload);
        const push = name === 'push' ? { isDefaultBranch: false, commits: [] } : null;
        expect(event).toEqual({
          name,
          sha: SHA,
          branch: 'trunk',
          pull: null,
          groupSha: null,
          push,
          isUntrusted: false,
        });
      }
    },
  );

  test.each([
    null,
    'text',
    [],
    {},
    { number: 7 },
    { number: 7, head: null },
    { number: 7, head: { sha: '' } },
    { number: 7, head: { sha: 1 } },
    { number: '7', head: { sha: HEAD } },
    { number: null, head: { sha: HEAD } },
    { head: { sha: HEAD } },
  ])('is about no pull request without a number and a commit: %j', (pull) => {
    const event = parseEvent(environment('pull_request', 'refs/pull/7/merge'), { pull_request: pull });
    expect(event.pull).toBeNull();
  });

  test('says only what it knows of a pull request', () => {
    const pull = { number: 7, head: { sha: HEAD, repo: 'mona' }, merged: 'true', merge_commit_sha: 5 };
    const event = parseEvent(environment('pull_request', ''), { pull_request: pull });
    expect(event).toMatchObject({
      branch: null,
      pull: {
        number: 7,
        headSha: HEAD,
        headRepository: null,
        isMerged: false,
        isIntoDefaultBranch: false,
        mergeSha: null,
      },
      isUntrusted: true,
    });
  });

  test('keeps the commits that have an id', () => {
    const commits = [null, 'x', {}, { id: 5 }, { id: '' }, { id: SHA }, [{ id: SHA }], { id: HEAD }];
    const event = parseEvent(environment('push', 'refs/heads/trunk'), { commits, repository: 'x' });
    expect(event.push).toEqual({ isDefaultBranch: false, commits: [SHA, HEAD] });
  });

  test('is never to the default branch where none is named', () => {
    for (const branch of ['', 'undefined', 'null']) {
      const ref = `refs/heads/${branch}`;
      for (const repository of [undefined, null, {}, { default_branch: '' }, { default_branch: null }])
        expect(parseEvent(environment('push', ref), { repository }).push?.isDefaultBranch).toBe(false);
    }
  });

  test('never fails, whatever is missing in it', () => {
    const whole: readonly Payload[] = [
      pullRequestEvent({ ...AT, action: 'opened', number: 7, headSha: HEAD, headRef: 'change' }),
      pushEvent({ ...AT, ref: 'refs/heads/trunk', before: BEFORE, after: SHA }),
    ];
    const damage = fc.constantFrom<unknown>(null, undefined, {}, [], 'text', 7, true);
    const path = fc.constantFrom(
      'pull_request',
      'pull_request.head',
      'pull_request.head.repo',
      'pull_request.head.repo.full_name',
      'pull_request.number',
      'repository',
      'repository.default_branch',
      'commits',
      'commits.0',
      'sender',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...whole),
        path,
        damage,
        fc.constantFrom(...names),
        (payload, at, value, name) => {
          const damaged = withValue(structuredClone(payload), at.split('.'), value);
          const { pull, push } = parseEvent(environment(name, 'refs/heads/trunk'), damaged);
          if (pull !== null) expect([pull.number, pull.headSha]).toEqual([7, HEAD]);
          for (const id of push?.commits ?? []) expect(id).toMatch(/^[0-9a-f]{40}$/u);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a process that is no workflow run', () => {
  test.each([
    {},
    { GITHUB_EVENT_NAME: 'push' },
    { GITHUB_SHA: SHA },
    { GITHUB_EVENT_NAME: '', GITHUB_SHA: '' },
  ])('is told to use the command line: %j', (env) => {
    expect(() => parseEvent(env as Environment, {})).toThrow(SettingsError);
    expect(() => parseEvent(env as Environment, {})).toThrow('this is not a workflow run');
  });
});

function withValue(payload: Payload, [member = '', ...rest]: readonly string[], value: unknown): Payload {
  const inner = payload[member];
  if (rest.length === 0 || typeof inner !== 'object' || inner === null) payload[member] = value;
  else withValue(inner as Payload, rest, value);
  return payload;
}
