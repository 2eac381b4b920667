import { describe, expect, test } from '@jest/globals';
import {
  mergeGroupEvent,
  pullRequestEvent,
  pushEvent,
  scheduleEvent,
  workflowDispatchEvent,
} from './payloads.ts';

const AT = { repository: 'acme/notifications', defaultBranch: 'trunk' };
const REPOSITORY = {
  name: 'notifications',
  full_name: 'acme/notifications',
  owner: { login: 'acme' },
  default_branch: 'trunk',
};
const PULL = { ...AT, number: 7, headSha: 'a'.repeat(40), headRef: 'change' };
const NO_COMMIT = '0'.repeat(40);

describe('a payload', () => {
  test.each(['opened', 'synchronize', 'reopened', 'edited'])('of a pull request that is %s', (action) => {
    expect(pullRequestEvent({ ...PULL, action })).toMatchObject({
      action,
      number: 7,
      repository: REPOSITORY,
      sender: { login: 'Codertocat', type: 'User' },
      pull_request: {
        number: 7,
        state: 'open',
        merged: false,
        merged_at: null,
        head: {
          sha: PULL.headSha,
          ref: 'change',
          label: 'acme:change',
          repo: { ...REPOSITORY, fork: false },
        },
        base: { ref: 'trunk', label: 'acme:trunk', repo: REPOSITORY },
      },
    });
  });

  test('of a pull request that is merged', () => {
    const merge = { action: 'closed', merged: true, mergeCommitSha: 'b'.repeat(40) };
    expect(pullRequestEvent({ ...PULL, ...merge })).toMatchObject({
      pull_request: {
        state: 'closed',
        merged: true,
        merged_at: expect.any(String),
        merge_commit_sha: merge.mergeCommitSha,
      },
    });
  });

  test('of a pull request from a fork, from one that is gone, and from dependabot', () => {
    const fork = pullRequestEvent({ ...PULL, action: 'opened', headRepo: 'mona/notifications' });
    expect(fork).toMatchObject({
      repository: REPOSITORY,
      pull_request: { head: { label: 'mona:change', repo: { full_name: 'mona/notifications', fork: true } } },
    });
    const gone = pullRequestEvent({ ...PULL, action: 'opened', headRepo: null });
    expect(gone).toMatchObject({ pull_request: { head: { repo: null } } });
    const bot = pullRequestEvent({ ...PULL, action: 'opened', sender: 'dependabot' });
    const user = { login: 'dependabot[bot]', type: 'Bot' };
    expect(bot).toMatchObject({ sender: user, pull_request: { user } });
  });

  test('of a push', () => {
    const [before, middle, after] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];
    const push = pushEvent({ ...AT, ref: 'refs/heads/trunk', before, after, commits: [middle, after] });
    expect(push).toMatchObject({
      ref: 'refs/heads/trunk',
      before,
      after,
      created: false,
      deleted: false,
      commits: [{ id: middle, message: expect.any(String) }, { id: after }],
      head_commit: { id: after },
      repository: REPOSITORY,
    });
    const gone = pushEvent({ ...AT, ref: 'refs/heads/old', before, after: NO_COMMIT });
    expect(gone).toMatchObject({ deleted: true, commits: [], head_commit: null });
  });

  test('of what is run by hand, by the clock and for a merge queue', () => {
    const byHand = workflowDispatchEvent({ ...AT, ref: 'refs/heads/trunk', inputs: { mode: 'apply' } });
    expect(byHand).toMatchObject({
      ref: 'refs/heads/trunk',
      inputs: { mode: 'apply' },
      repository: REPOSITORY,
    });
    expect(scheduleEvent({ ...AT, schedule: '0 6 * * *' })).toMatchObject({
      schedule: '0 6 * * *',
      repository: REPOSITORY,
    });
    const [headSha, baseSha] = ['a'.repeat(40), 'b'.repeat(40)];
    const headRef = `refs/heads/gh-readonly-queue/trunk/pr-7-${baseSha}`;
    const queued = mergeGroupEvent({ ...AT, headSha, headRef, baseSha, baseRef: 'refs/heads/trunk' });
    expect(queued).toMatchObject({
      action: 'checks_requested',
      merge_group: { head_sha: headSha, head_ref: headRef, base_sha: baseSha, base_ref: 'refs/heads/trunk' },
      repository: REPOSITORY,
    });
  });

  test('is a copy: changing one leaves the next alone', () => {
    const one = pullRequestEvent({ ...PULL, action: 'opened' });
    one['number'] = 8;
    expect(pullRequestEvent({ ...PULL, action: 'opened' })['number']).toBe(7);
  });
});
