import { describe, expect, test } from '@jest/globals';
import { chooseMode } from '../../../src/app/action/mode.ts';
import { MODES, type Mode } from '../../../src/app/action/settings.ts';
import { RefusedError, SettingsError } from '../../../src/core/errors.ts';
import type { Guard } from '../../../src/core/guard.ts';
import { parseEvent } from '../../../src/host/github/event.ts';
import {
  type Payload,
  mergeGroupEvent,
  pullRequestEvent,
  pushEvent,
  scheduleEvent,
  workflowDispatchEvent,
} from '../../github/payloads.ts';

const AT = { repository: 'acme/notifications' };
const [SHA, BEFORE] = ['a'.repeat(40), 'b'.repeat(40)];
const PULL = { ...AT, number: 7, headSha: SHA, headRef: 'change' };
const open = pullRequestEvent({ ...PULL, action: 'opened' });
const merged = pullRequestEvent({ ...PULL, action: 'closed', merged: true, mergeCommitSha: BEFORE });
const push = (ref: string): Payload => pushEvent({ ...AT, ref, before: BEFORE, after: SHA });
const group = mergeGroupEvent({
  ...AT,
  headSha: SHA,
  headRef: 'refs/heads/gh-readonly-queue/main/pr-7',
  baseSha: BEFORE,
  baseRef: 'refs/heads/main',
});

type Happening = readonly [what: string, name: string, ref: string, payload: Payload];

const HAPPENINGS = {
  opened: ['a pull request', 'pull_request', 'refs/pull/7/merge', open],
  forked: [
    'a pull request of a fork',
    'pull_request',
    'refs/pull/7/merge',
    pullRequestEvent({ ...PULL, action: 'opened', headRepo: 'mona/notifications' }),
  ],
  closed: [
    'a pull request that is closed unmerged',
    'pull_request',
    'refs/pull/7/merge',
    pullRequestEvent({ ...PULL, action: 'closed' }),
  ],
  merged: ['a pull request that is merged', 'pull_request', 'refs/heads/main', merged],
  reviewed: ['a review of a pull request', 'pull_request_review', 'refs/pull/7/merge', open],
  target: ['a pull request, with secrets', 'pull_request_target', 'refs/heads/main', open],
  group: ['a group of a merge queue', 'merge_group', 'refs/heads/gh-readonly-queue/main/pr-7', group],
  main: ['a push to the default branch', 'push', 'refs/heads/main', push('refs/heads/main')],
  branch: ['a push to another branch', 'push', 'refs/heads/topic/main', push('refs/heads/topic/main')],
  tag: ['a push of a tag', 'push', 'refs/tags/main', push('refs/tags/main')],
  schedule: ['a schedule', 'schedule', 'refs/heads/main', scheduleEvent({ ...AT, schedule: '0 6 * * *' })],
  dispatch: [
    'a start by hand',
    'workflow_dispatch',
    'refs/heads/main',
    workflowDispatchEvent({ ...AT, ref: 'refs/heads/main' }),
  ],
  run: ['the end of another workflow', 'workflow_run', 'refs/heads/main', { workflow_run: { id: 1 } }],
  comment: [
    'a comment on a pull request',
    'issue_comment',
    'refs/heads/main',
    { issue: { number: 7, pull_request: {} } },
  ],
  call: ['a call from elsewhere', 'repository_dispatch', 'refs/heads/main', { client_payload: {} }],
  damaged: ['a pull request that the event does not tell of', 'pull_request', 'refs/pull/7/merge', {}],
} satisfies Readonly<Record<string, Happening>>;

type Name = keyof typeof HAPPENINGS;

function choose(name: Name, mode: Mode | null, allow: readonly Guard[] = []): Mode {
  const [, event, ref, payload] = HAPPENINGS[name];
  const env = {
    GITHUB_EVENT_NAME: event,
    GITHUB_SHA: SHA,
    GITHUB_REF: ref,
    GITHUB_REPOSITORY: AT.repository,
  };
  return chooseMode({ mode, allow }, parseEvent(env, payload));
}

function refusalOf(name: Name, mode: Mode | null, allow: readonly Guard[] = []): unknown {
  try {
    return choose(name, mode, allow);
  } catch (error) {
    return error;
  }
}

const named = (table: Readonly<Partial<Record<Name, unknown>>>): readonly (readonly [Name, string])[] =>
  (Object.keys(table) as Name[]).map((name) => [name, HAPPENINGS[name][0]]);

describe('what a run does where the input does not say', () => {
  const byEvent = {
    opened: 'plan',
    forked: 'plan',
    closed: 'plan',
    merged: 'plan',
    group: 'plan',
    main: 'apply',
    branch: 'plan',
    tag: 'plan',
    schedule: 'drift',
    damaged: 'plan',
  } as const;

  test.each(named(byEvent))('on %s (%s) follows from the event', (name) => {
    expect(choose(name, null)).toBe(byEvent[name as keyof typeof byEvent]);
  });

  test.each(named({ dispatch: 1, run: 1, comment: 1, call: 1, reviewed: 1 }))(
    'on %s (%s) must be said',
    (name) => {
      const [, event] = HAPPENINGS[name];
      const error = refusalOf(name, null);
      expect(error).toBeInstanceOf(SettingsError);
      expect(error).toMatchObject({
        message: `with the event ${event} the input mode must say what to do`,
        hint: 'mode: validate, plan, apply, drift',
        exitCode: 1,
      });
    },
  );
});

describe('what a run does where the input says it', () => {
  const harmless = MODES.filter((mode) => mode !== 'apply');
  const all = Object.keys(HAPPENINGS).filter((name) => name !== 'target') as Name[];

  test.each(all.map((name) => [name, HAPPENINGS[name][0]] as const))('is that, on %s (%s)', (name) => {
    for (const mode of harmless) expect(choose(name, mode)).toBe(mode);
  });

  test.each(
    named({ merged: 1, main: 1, branch: 1, tag: 1, schedule: 1, dispatch: 1, run: 1, comment: 1, call: 1 }),
  )('may be apply, on %s (%s)', (name) => {
    expect(choose(name, 'apply')).toBe('apply');
  });

  test.each(named({ opened: 1, forked: 1, closed: 1, reviewed: 1, group: 1, damaged: 1 }))(
    'is never apply, on %s (%s)',
    (name) => {
      const error = refusalOf(name, 'apply');
      expect(error).toBeInstanceOf(RefusedError);
      expect(error).toMatchObject({
        code: 'event',
        exitCode: 5,
        message:
          'a pull request that is not merged into the default branch must not be applied: nobody has approved it yet',
        hint: 'apply on push to the default branch, where the mode is apply by itself',
      });
    },
  );

  test('covers every event of these tests', () => {
    expect(Object.keys(HAPPENINGS)).toHaveLength(16);
  });
});

describe('pull_request_target', () => {
  test.each([null, ...MODES])('is refused in the mode %s, even once merged', (mode) => {
    const env = {
      GITHUB_EVENT_NAME: 'pull_request_target',
      GITHUB_SHA: SHA,
      GITHUB_REPOSITORY: AT.repository,
    };
    for (const payload of [open, merged, {}]) {
      const event = parseEvent(env, payload);
      const choosing = (): Mode => chooseMode({ mode, allow: [] }, event);
      expect(choosing).toThrow(RefusedError);
      expect(choosing).toThrow('would give the secrets of this repository to a pull request');
    }
  });
});

describe('the input allow', () => {
  test('goes with a start by hand, in every mode', () => {
    for (const mode of MODES) expect(choose('dispatch', mode, ['in_use'])).toBe(mode);
  });

  test.each(named({ opened: 1, merged: 1, group: 1, main: 1, branch: 1, schedule: 1 }))(
    'goes with nothing else, not with %s (%s)',
    (name) => {
      for (const mode of [null, 'plan', 'apply'] as const) {
        const error = refusalOf(name, mode, ['in_use']);
        expect(error).toBeInstanceOf(SettingsError);
        expect(error).toMatchObject({ message: 'the input allow is for workflow_dispatch only' });
      }
    },
  );
});
