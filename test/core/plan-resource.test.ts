import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../src/core/change.ts';
import type { Comparison } from '../../src/core/diff.ts';
import type { Match } from '../../src/core/match.ts';
import type { PlanContext } from '../../src/core/plan-parts.ts';
import { planResource } from '../../src/core/plan-resource.ts';
import type { Observed, Resource } from '../../src/core/resource.ts';
import { Ref } from '../../src/core/value.ts';
import {
  aContext,
  aDestination,
  aDirectory,
  aJob,
  aLiveDestination,
  aLiveJob,
  aPolicy,
  aRecord,
  aRecorded,
  aSecret,
  recordedSecrets,
  unset,
  UUID_A,
  UUID_B,
} from '../support/builders.ts';

const ADDRESS = 'destination/team-slack';
const slack = aDestination();
const live = aLiveDestination(UUID_A, 'team-slack', { slack: { url_set: true } });
const recorded = aRecorded(slack, {
  applied: { display_name: 'team-slack' },
  secrets: recordedSecrets({ 'slack.url': 'SLACK' }),
});

const found = (observed: Observed, by: 'id' | 'record' | 'name' | 'intent' = 'record'): Match => ({
  state: 'found',
  observed,
  by,
});

/** Our destination, on record and live, unless said otherwise. */
function planOf(
  observed: Observed = live,
  parts: Partial<PlanContext> = {},
  resource: Resource = slack,
): Change {
  return planResource(
    resource,
    found(observed),
    aContext({ record: aRecord({ [ADDRESS]: recorded }), ...parts }),
  );
}

const paths = (change: Change): string[] => change.fields.map(({ path, verdict }) => `${path} ${verdict}`);

describe('planResource of what is not there', () => {
  test('creates a whole object with all that it is wished to be', () => {
    const change = planResource(slack, { state: 'absent' }, aContext());
    expect(change).toMatchObject({ verb: 'create', id: null, remnant: null, notes: [], requires: [] });
    expect(paths(change)).toEqual(['display_name changed', 'slack.url changed']);
    expect(change.op).toMatch(/^sha256:/);
  });

  test('says that it was on record', () => {
    const change = planResource(
      slack,
      { state: 'absent' },
      aContext({ record: aRecord({ [ADDRESS]: recorded }) }),
    );
    expect(change).toMatchObject({
      verb: 'create',
      notes: ['it is on record and gone: somebody deleted it by hand'],
    });
  });

  test.each<[string, Resource]>([
    ['an existing one', aDestination('team-slack', { existing: true })],
    ['one with an id', { ...slack, id: UUID_B }],
    ['a job', aJob()],
  ])('does not make %s', (_name, resource) => {
    expect(planResource(resource, { state: 'absent' }, aContext())).toMatchObject({
      verb: 'blocked',
      obstacle: { reason: 'missing' },
    });
  });
});

describe('planResource of what cannot be judged', () => {
  test('gives the reason on', () => {
    const change = planResource(
      slack,
      { state: 'unreadable', why: 'admins only', reason: 'no-permission' },
      aContext(),
    );
    expect(change).toMatchObject({
      verb: 'blocked',
      id: null,
      op: null,
      obstacle: { reason: 'no-permission', message: 'admins only' },
    });
  });

  test('names the candidates, and how to say which is meant', () => {
    const candidates = [aLiveDestination(UUID_B, 'team-slack', { slack: {} }), live];
    const change = planResource(slack, { state: 'ambiguous', candidates }, aContext());
    expect(change).toMatchObject({
      obstacle: { reason: 'ambiguous', hint: expect.stringContaining(UUID_A) },
    });
  });
});

describe('planResource of our own destination', () => {
  test('has nothing to do where everything is as applied', () => {
    expect(planOf()).toMatchObject({ verb: 'noop', fields: [], notes: [], id: UUID_A, op: null });
  });

  test('renames it, and tells what it cannot compare', () => {
    const renamed = aLiveDestination(UUID_A, 'renamed', { slack: { url_set: true } });
    const change = planOf(renamed);
    expect(change).toMatchObject({ verb: 'update', id: UUID_A, notes: [] });
    expect(paths(change)).toEqual(['display_name changed']);
  });

  test('takes an unset secret for drift', () => {
    const [, url] = planOf(aLiveDestination(UUID_A, 'renamed', { slack: {} })).fields;
    expect(url).toMatchObject({ path: 'slack.url', verdict: 'changed', isDrifted: true });
  });

  test('writes a new value of its secret outside every approval', () => {
    const change = planOf(live, { compareSecret: () => 'different' });
    expect(change).toMatchObject({ verb: 'rotate', op: null });
  });

  test('needs an approval where a rotation goes with something else', () => {
    const renamed = aLiveDestination(UUID_A, 'renamed', { slack: { url_set: true } });
    const [rotated, plain] = (['different', 'same'] as const).map((comparison) =>
      planOf(renamed, { compareSecret: () => comparison }),
    );
    expect(rotated).toMatchObject({ verb: 'update' });
    expect(rotated?.op).toBe(plain?.op);
  });

  test('tells of a new value and waits where rotation is manual', () => {
    const policy = aPolicy({ rotation: 'manual' });
    const change = planOf(live, { policy, compareSecret: () => 'different' });
    expect(change).toMatchObject({ verb: 'noop', notes: [expect.stringContaining('--rotate')] });
  });

  test('rotates what --rotate names', () => {
    const policy = aPolicy({ isRotated: (address) => address === ADDRESS });
    expect(planOf(live, { policy })).toMatchObject({ verb: 'rotate', op: null, notes: [] });
  });

  test('never believes that another object of its name is the one that was applied', () => {
    const impostor = aLiveDestination(UUID_B, 'team-slack', { slack: { url_set: true } });
    const change = planOf(impostor);
    expect(change).toMatchObject({ verb: 'adopt', id: UUID_B });
    expect(paths(change)).toEqual(['slack.url opaque']);
  });
});

describe('planResource of a configuration that is sent whole', () => {
  const app = aDestination('team-slack', { slack: { oauth_token: aSecret('BOT'), channel_id: 'C1' } });
  const liveApp = aLiveDestination(UUID_A, 'team-slack', {
    slack: { oauth_token_set: true, channel_id_set: true },
  });

  test('tells that a secret it cannot compare goes along with what differs', () => {
    const known = aRecorded(app, { applied: { display_name: 'team-slack', 'slack.channel_id': 'C9' } });
    const change = planOf(liveApp, { record: aRecord({ [ADDRESS]: known }) }, app);
    expect(paths(change)).toEqual(['slack.channel_id changed', 'slack.oauth_token changed']);
    expect(change.fields[1]?.reason).toContain('goes along');
  });

  test('tells that a new value goes along although rotation is manual', () => {
    const known = aRecorded(app, {
      applied: { display_name: 'team-slack', 'slack.channel_id': 'C9' },
      secrets: recordedSecrets({ 'slack.oauth_token': 'BOT' }),
    });
    const parts = {
      record: aRecord({ [ADDRESS]: known }),
      policy: aPolicy({ rotation: 'manual' }),
      compareSecret: (): Comparison => 'different',
    };
    expect(paths(planOf(liveApp, parts, app))).toEqual([
      'slack.channel_id changed',
      'slack.oauth_token changed',
    ]);
    const [same, different] = (['same', 'different'] as const).map((one) =>
      planOf(liveApp, { ...parts, compareSecret: () => one }, app),
    );
    expect(same?.op).toBe(different?.op);
  });

  test('leaves it all alone where only the name differs', () => {
    const known = aRecorded(app, { applied: { display_name: 'team-slack' } });
    const renamed = { ...liveApp, name: 'x', spec: { ...liveApp.spec, display_name: 'x' } };
    const change = planOf(renamed, { record: aRecord({ [ADDRESS]: known }) }, app);
    expect(paths(change)).toEqual([
      'display_name changed',
      'slack.channel_id opaque',
      'slack.oauth_token opaque',
    ]);
    expect(change.notes).toEqual([
      'cannot be compared: slack.channel_id, slack.oauth_token; --rotate writes them',
    ]);
  });

  test('writes all of it with --rotate, literals included', () => {
    const policy = aPolicy({ isRotated: () => true });
    const change = planOf(liveApp, { record: null, policy }, app);
    expect(change).toMatchObject({ verb: 'rotate', op: null, notes: [] });
    expect(paths(change)).toEqual(['slack.channel_id changed', 'slack.oauth_token changed']);
  });
});

describe('planResource of a destination that is not on record', () => {
  test('adopts it and writes what cannot be read, under an approval', () => {
    const change = planOf(live, { record: aRecord() });
    expect(change).toMatchObject({ verb: 'adopt', id: UUID_A, requires: [] });
    expect(paths(change)).toEqual(['slack.url opaque']);
    expect(change.op).toMatch(/^sha256:/);
  });

  test('leaves its secrets as they are with adopt: keep, and says so', () => {
    const resource = aDestination('team-slack', { adopt: 'keep', slack: { url: aSecret('SLACK') } });
    const change = planOf(live, { record: aRecord() }, resource);
    expect(change).toMatchObject({ verb: 'adopt', fields: [], notes: ['not verified: slack.url'] });
  });

  test('does not take an approval to keep its secrets for one to write them', () => {
    const [kept, written] = (['keep', 'write'] as const).map((adopt) =>
      planOf(
        live,
        { record: aRecord() },
        aDestination('team-slack', { adopt, slack: { url: aSecret('SLACK') } }),
      ),
    );
    expect(kept?.op).not.toBe(written?.op);
  });

  test.each(['keep', 'write'] as const)(
    'has one digest for an admin and for one who is none (adopt: %s)',
    (adopt) => {
      const resources: [Resource, Observed][] = [
        [aDestination('team-slack', { adopt, slack: { url: aSecret('SLACK') } }), live],
        [
          aDestination('team-slack', { adopt, email: { addresses: ['new@company.test'] } }),
          aLiveDestination(UUID_A, 'team-slack', { email: { addresses: ['old@company.test'] } }),
        ],
      ];
      for (const [resource, shown] of resources) {
        const [type = ''] = Object.keys(resource.wishes).filter((path) => path.includes('.'));
        const gaps = [{ prefix: type.split('.')[0] ?? '', why: 'admins only' }];
        const hidden = { ...shown, spec: { display_name: 'team-slack' }, gaps };
        const [admin, viewer] = [shown, hidden].map((observed) =>
          planOf(observed, { record: aRecord() }, resource),
        );
        expect(viewer?.op).toBe(admin?.op);
      }
    },
  );

  test('does not pretend to keep a secret that must go along', () => {
    const hook = aDestination('team-slack', {
      adopt: 'keep',
      generic_webhook: { url: 'https://hook.test', password: aSecret('P') },
    });
    const config = { url_set: true, password_set: true, username_set: true };
    const change = planOf(
      aLiveDestination(UUID_A, 'team-slack', { generic_webhook: config }),
      { record: aRecord() },
      hook,
    );
    expect(paths(change)).toEqual([
      'generic_webhook.password changed',
      'generic_webhook.url changed',
      'generic_webhook.username changed',
    ]);
    expect(change.notes).toEqual([]);
  });

  test('updates it and never adopts where nothing is remembered', () => {
    const renamed = aLiveDestination(UUID_A, 'renamed', { slack: { url_set: true } });
    expect(planOf(renamed, { record: null })).toMatchObject({ verb: 'update' });
    expect(planOf(live, { record: null })).toMatchObject({
      verb: 'noop',
      notes: ['cannot be compared: slack.url; --rotate writes them'],
    });
  });

  test('never writes one that somebody else owns', () => {
    const existing = aDestination('team-slack', { existing: true });
    expect(planOf(live, { record: aRecord() }, existing)).toMatchObject({ verb: 'noop', fields: [] });
  });

  test('completes what our own interrupted create left, under the digest of that create', () => {
    const context = aContext();
    const created = planResource(slack, { state: 'absent' }, context);
    const completed = planResource(slack, found(live, 'intent'), context);
    expect(completed).toMatchObject({ verb: 'create', id: null, remnant: { id: UUID_A }, op: created.op });
    expect(planResource(slack, found(live, 'name'), context).op).not.toBe(created.op);
  });
});

describe('planResource of what cannot change in place', () => {
  const teams = aDestination('team-slack', { microsoft_teams: { url: aSecret('TEAMS') } });

  test('replaces our own, and tells its types', () => {
    const change = planOf(live, {}, teams);
    expect(change).toMatchObject({
      verb: 'replace',
      id: UUID_A,
      oldName: 'team-slack',
      oldTraits: { type: 'SLACK' },
      successor: null,
      isOldThere: true,
    });
    expect(paths(change)).toEqual(['type changed', 'display_name changed', 'microsoft_teams.url changed']);
  });

  test('replaces what --replace names', () => {
    const policy = aPolicy({ isReplaced: (address) => address === ADDRESS });
    expect(planOf(live, { policy })).toMatchObject({ verb: 'replace' });
  });

  test('does not touch one that is not ours', () => {
    expect(planOf(live, { record: aRecord() }, teams)).toMatchObject({ obstacle: { reason: 'not-ours' } });
    expect(planOf(live, { record: null }, teams)).toMatchObject({ obstacle: { reason: 'not-ours' } });
  });

  test('does not touch one that no longer has the name that was applied', () => {
    const renamed = aLiveDestination(UUID_A, 'somebody-elses', { slack: {} });
    expect(planOf(renamed, {}, teams)).toMatchObject({
      verb: 'blocked',
      id: UUID_A,
      obstacle: { reason: 'renamed' },
    });
  });

  const old = { id: UUID_B, name: 'team-slack', traits: { type: 'SLACK' } };
  const made = aLiveDestination(UUID_A, 'team-slack', { microsoft_teams: { url_set: true } });
  const half = aRecorded(teams, { id: UUID_A, replacing: old });

  test.each([
    ['is still there', { [UUID_A]: 'team-slack', [UUID_B]: 'team-slack' }, true],
    ['is gone', { [UUID_A]: 'team-slack' }, false],
  ])('goes on with an interrupted one whose old object %s', (_name, listed, isOldThere) => {
    const context = {
      record: aRecord({ [ADDRESS]: half }),
      directory: aDirectory({ [ADDRESS]: UUID_A }, listed),
    };
    const change = planOf(made, context, teams);
    expect(change).toMatchObject({
      verb: 'replace',
      id: UUID_B,
      oldTraits: { type: 'SLACK' },
      successor: { id: UUID_A },
      isOldThere,
    });
    const before = aRecord({ [ADDRESS]: aRecorded(teams, { id: UUID_B, name: 'team-slack' }) });
    const first = planOf({ ...live, id: UUID_B }, { record: before }, teams);
    expect(change.op).toBe(first.op);
  });

  test('does not go on where only the old object is left', () => {
    const policy = aPolicy({ isReplaced: () => false });
    const onlyOld = aLiveDestination(UUID_B, 'team-slack', { microsoft_teams: { url_set: true } });
    const change = planOf(onlyOld, { record: aRecord({ [ADDRESS]: half }), policy }, teams);
    expect(change).toMatchObject({ verb: 'adopt', id: UUID_B });
  });
});

describe('planResource of a job', () => {
  const job = {
    ...aJob('etl', { notify: { on_failure: ['team-slack', 'oncall@company.test'] } }),
    address: 'job/1',
  };
  const directory = aDirectory({ [ADDRESS]: UUID_A }, { [UUID_A]: 'team-slack' });
  const planJob = (settings: Record<string, unknown>, parts: Partial<PlanContext> = {}): Change =>
    planResource(job, found(aLiveJob('1', 'etl', settings)), aContext({ directory, ...parts }));

  test('updates it and never adopts it', () => {
    expect(planJob({})).toMatchObject({ verb: 'update', id: '1', requires: ['destination/team-slack'] });
  });

  test('waits for a destination that is still to be made', () => {
    const change = planJob({}, { directory: aDirectory({}, {}) });
    expect(change.fields.map(({ verdict }) => verdict)).toEqual(['changed', 'unknown']);
  });

  test.each([
    ['BUNDLE', undefined, 'blocked', 'bundle'],
    ['BUNDLE', 'block', 'blocked', 'bundle'],
    ['BUNDLE', 'warn', 'update', undefined],
    ['BUNDLE', 'skip', 'noop', undefined],
    ['SYSTEM_MANAGED', 'warn', 'blocked', 'system-managed'],
  ] as const)('owned by %s, bundle jobs %s: %s', (kind, lenience, verb, reason) => {
    const policy = aPolicy({ lenience: lenience === undefined ? {} : { bundle: lenience } });
    const change = planJob({ deployment: { kind } }, { policy });
    expect(change.verb).toBe(verb);
    expect(change.verb === 'blocked' ? change.obstacle.reason : undefined).toBe(reason);
    if (verb !== 'blocked') expect(change.notes).toEqual([expect.stringContaining('a bundle owns this job')]);
  });

  test('says nothing of an obstacle where there is nothing to write', () => {
    const settings = {
      deployment: { kind: 'BUNDLE' },
      email_notifications: { on_failure: ['oncall@company.test'] },
      webhook_notifications: { on_failure: [{ id: UUID_A }] },
    };
    expect(planJob(settings)).toMatchObject({ verb: 'noop', notes: [] });
  });

  test('is blocked by more than three destinations where others stay', () => {
    const four = aJob('etl', { mode: 'ensure', notify: { on_failure: ['team-slack'] } });
    const ids = [UUID_B, 'c', 'd'].map((id) => ({ id }));
    const observed = aLiveJob('1', 'etl', { webhook_notifications: { on_failure: ids } });
    const change = planResource(
      four,
      found(observed),
      aContext({ directory: aDirectory({ [ADDRESS]: UUID_A }) }),
    );
    expect(change).toMatchObject({ verb: 'blocked', obstacle: { reason: 'more-than-three' } });
  });

  test.each<[string, Record<string, unknown>, boolean]>([
    ['in an event that nobody states', { webhook_notifications: { on_start: [{ id: UUID_B }] } }, true],
    [
      'in the very event that is stated exactly',
      { webhook_notifications: { on_failure: [{ id: UUID_B }] } },
      false,
    ],
    [
      'in a task',
      { tasks: [{ task_key: 't', webhook_notifications: { on_start: [{ id: UUID_B }] } }] },
      true,
    ],
    [
      'that lives, in a task',
      { tasks: [{ task_key: 't', webhook_notifications: { on_start: [{ id: UUID_A }] } }] },
      false,
    ],
    [
      'of an alert in a task',
      { tasks: [{ task_key: 't', alert_task: { subscribers: [{ destination_id: UUID_B }] } }] },
      true,
    ],
  ])('with an id that no destination has %s, blocked: %s', (_name, settings, isBlocked) => {
    const change = planJob(settings);
    expect(change.verb).toBe(isBlocked ? 'blocked' : 'update');
    if (change.verb === 'blocked')
      expect(change.obstacle).toMatchObject({ reason: 'dangling', message: expect.stringContaining(UUID_B) });
  });

  test('takes no id for dangling where not every destination could be listed', () => {
    const settings = { webhook_notifications: { on_start: [{ id: UUID_B }] } };
    expect(planJob(settings, { directory: aDirectory({ [ADDRESS]: UUID_A }) })).toMatchObject({
      verb: 'update',
    });
  });

  test('takes a destination that a lagging list lacks for alive', () => {
    const settings = { tasks: [{ task_key: 't', webhook_notifications: { on_start: [{ id: UUID_A }] } }] };
    expect(planJob(settings, { directory: aDirectory({ [ADDRESS]: UUID_A }, {}) })).toMatchObject({
      verb: 'update',
    });
  });

  test('is blocked by an id in the file that no destination has', () => {
    const raw = aJob('etl', { webhook_notifications: { on_failure: [{ id: UUID_B }] } });
    const change = planResource(raw, found(aLiveJob('1', 'etl')), aContext({ directory }));
    expect(change).toMatchObject({ verb: 'blocked', obstacle: { reason: 'dangling' } });
  });

  test('warns of an event that never fires', () => {
    const slow = aJob('etl', { notify: { on_duration_warning_threshold_exceeded: ['oncall@company.test'] } });
    const change = planResource(slow, found(aLiveJob('1', 'etl')), aContext({ directory }));
    expect(change.notes).toEqual([expect.stringContaining('never fires')]);
  });
});

describe('planResource with a secret that is not set', () => {
  test('concludes nothing about the field', () => {
    const resource = aDestination('team-slack', { slack: { url: unset('SLACK') } });
    expect(planOf(live, { compareSecret: () => 'unknown' }, resource)).toMatchObject({ verb: 'noop' });
  });

  test('gives a create the digest that it has with the secret', () => {
    const [without, withIt] = [unset('SLACK'), aSecret('SLACK')].map(
      (url) =>
        planResource(aDestination('team-slack', { slack: { url } }), { state: 'absent' }, aContext()).op,
    );
    expect(without).toBe(withIt);
  });
});

test('references in the file stand for what they point at', () => {
  const resource = aJob('etl', {
    webhook_notifications: { on_failure: [{ id: new Ref('destination/team-slack') }] },
  });
  const observed = aLiveJob('1', 'etl', { webhook_notifications: { on_failure: [{ id: UUID_A }] } });
  const context = aContext({ directory: aDirectory({ [ADDRESS]: UUID_A }) });
  expect(planResource(resource, found(observed), context)).toMatchObject({ verb: 'noop' });
});
