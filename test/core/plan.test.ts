import { describe, expect, test } from '@jest/globals';
import type { Match } from '../../src/core/match.ts';
import { type Plan, plan, summarise } from '../../src/core/plan.ts';
import type { PlanContext } from '../../src/core/plan-parts.ts';
import type { RecordedObject } from '../../src/core/record.ts';
import type { Observed, Resource } from '../../src/core/resource.ts';
import {
  aContext,
  aDestination,
  aDirectory,
  aField,
  aJob,
  aLiveDestination,
  aLiveJob,
  anUpdate,
  aPolicy,
  aRecord,
  aRecorded,
  aSecret,
  declare,
  one,
  SOURCE,
  UUID_A,
  UUID_B,
  verbsOf,
} from '../support/builders.ts';

type Scene = {
  readonly resources?: readonly Resource[];
  /** Address -> what was found; absent where not named. */
  readonly matches?: Record<string, Match>;
  readonly orphans?: Record<string, Observed | null>;
};

function planOf(scene: Scene, parts: Partial<PlanContext> = {}): Plan {
  const { resources = [], matches = {}, orphans = {} } = scene;
  const input = {
    resources,
    matches: new Map(Object.entries(matches)),
    orphans: new Map(Object.entries(orphans)),
    config: 'notifications',
  };
  return plan(input, aContext(parts));
}

const found = (observed: Observed, by: 'id' | 'record' | 'name' = 'name'): Match => ({
  state: 'found',
  observed,
  by,
});
const slackSettings = { webhook_notifications: { on_failure: [{ id: UUID_A }] } };

describe('plan', () => {
  test('sorts by address, and its digest does not depend on the order of entries', () => {
    const resources = [aDestination('b'), aDestination('a'), aDestination('c')];
    const [forth, back] = [planOf({ resources }), planOf({ resources: resources.toReversed() })];
    expect(forth.changes.map(({ address }) => address)).toEqual([
      'destination/a',
      'destination/b',
      'destination/c',
    ]);
    expect(back).toEqual(forth);
  });

  test('has one digest for an empty plan of a configuration in a workspace', () => {
    expect(planOf({}).digest).toBe(planOf({}).digest);
    expect(planOf({}, { workspaceId: '7' }).digest).not.toBe(planOf({}).digest);
  });

  test('goes by the id of a job once it is found, and by its key until then', () => {
    const jobs = [aJob('etl'), aJob('gone')];
    const { changes } = planOf({
      resources: jobs,
      matches: { 'job/etl': found(aLiveJob('9007199254740993', 'etl')) },
    });
    expect(verbsOf(changes)).toEqual({ 'job/9007199254740993': 'update', 'job/gone': 'blocked' });
  });

  test('leaves both entries alone that turn out to be one object', () => {
    const observed = aLiveJob('1', 'etl');
    const resources = [aJob('etl'), aJob('by-id', { id: '1', notify: { on_start: ['a@company.test'] } })];
    const { changes } = planOf({
      resources,
      matches: { 'job/etl': found(observed), 'job/by-id': found(observed, 'id') },
    });
    expect(verbsOf(changes)).toEqual({ 'job/etl': 'blocked', 'job/by-id': 'blocked' });
    expect(changes[0]).toMatchObject({
      obstacle: { reason: 'ambiguous', message: expect.stringContaining('job/1') },
    });
  });
});

describe('requirements of a plan', () => {
  const { resources } = declare({
    destinations: { slack: { slack: { url: aSecret('SLACK') } } },
    jobs: { etl: { notify: { on_failure: ['slack'] } } },
  });
  const [destination, job] = [resources[0]!, resources[1]!];
  const jobFound = { 'job/etl': found(aLiveJob('1', 'etl')) };

  test('name what this run makes', () => {
    const { changes } = planOf({ resources, matches: jobFound });
    expect(verbsOf(changes)).toEqual({ 'destination/slack': 'create', 'job/1': 'update' });
    expect(changes[1]?.requires).toEqual(['destination/slack']);
  });

  test('name nothing that is there already', () => {
    const live = aLiveDestination(UUID_A, 'slack', { slack: { url_set: true } });
    const directory = aDirectory({ 'destination/slack': UUID_A });
    const { changes } = planOf(
      { resources, matches: { ...jobFound, 'destination/slack': found(live) } },
      { directory },
    );
    expect(changes.map(({ verb, requires }) => [verb, requires])).toEqual([
      ['adopt', []],
      ['update', []],
    ]);
  });

  test('block what needs a blocked or a missing object', () => {
    const denied: Match = { state: 'unreadable', why: 'no', reason: 'no-permission' };
    const blocked = planOf({ resources, matches: { ...jobFound, 'destination/slack': denied } });
    expect(blocked.changes[1]).toMatchObject({
      verb: 'blocked',
      id: '1',
      obstacle: { reason: 'requires', message: 'it needs destination/slack, which is blocked' },
    });
    const missing = planOf({ resources: [job], matches: jobFound });
    expect(missing.changes[0]).toMatchObject({
      obstacle: { message: 'it needs destination/slack, which does not exist' },
    });
  });

  test('block nothing where only what stays points at the blocked object', () => {
    const live = aLiveJob('1', 'etl', slackSettings);
    const directory = aDirectory({ 'destination/slack': UUID_A });
    const ambiguous: Match = { state: 'ambiguous', candidates: [] };
    const scene = {
      resources: [destination, job],
      matches: { 'job/etl': found(live), 'destination/slack': ambiguous },
    };
    expect(verbsOf(planOf(scene, { directory }).changes)).toEqual({
      'destination/slack': 'blocked',
      'job/1': 'noop',
    });
  });

  test('move a job to the successor of a replaced destination', () => {
    const old = aLiveDestination(UUID_A, 'slack', { pagerduty: {} });
    const record = aRecord({ 'destination/slack': aRecorded(destination) });
    const matches = {
      'destination/slack': found(old, 'record'),
      'job/etl': found(aLiveJob('1', 'etl', slackSettings)),
    };
    const { changes } = planOf(
      { resources, matches },
      { record, directory: aDirectory({}, { [UUID_A]: 'slack' }) },
    );
    expect(changes.map(({ verb, requires }) => [verb, requires])).toEqual([
      ['replace', []],
      ['update', ['destination/slack']],
    ]);
  });
});

describe('orphans of a plan', () => {
  const slack = aDestination('slack');
  const recorded = aRecorded(slack, { id: UUID_A });
  const record = aRecord({ 'destination/slack': recorded });
  const live = aLiveDestination(UUID_A, 'slack', { slack: {} });
  const prune = aPolicy({ prune: true });
  const orphan = (observed: Observed | null | undefined, policy = prune) =>
    one(
      planOf({ orphans: observed === undefined ? {} : { 'destination/slack': observed } }, { record, policy })
        .changes,
    );

  test('are noted and left without prune', () => {
    expect(orphan(live, aPolicy())).toMatchObject({
      verb: 'noop',
      notes: [expect.stringContaining('no longer in the file')],
    });
  });

  test('are deleted with prune where they still look as they were applied', () => {
    expect(orphan(live)).toMatchObject({ verb: 'delete', id: UUID_A, recorded, fields: [] });
  });

  test.each<[string, Observed | null | undefined]>([
    ['were renamed', { ...live, name: 'renamed' }],
    ['have another type', { ...live, traits: { type: 'PAGERDUTY' } }],
    ['are gone', null],
    ['could not be read', undefined],
  ])('stay where they %s', (_name, observed) => {
    expect(orphan(observed)).toMatchObject({
      verb: 'noop',
      notes: [expect.stringContaining('no longer in the file')],
    });
  });

  test.each([aPolicy(), prune])('are let go of where the file says so, prune or not', (policy) => {
    const removedAt = (address: string) => (address === 'destination/slack' ? SOURCE : undefined);
    for (const observed of [live, null, undefined]) {
      const change = orphan(observed, { ...policy, removedAt });
      expect(change).toMatchObject({ verb: 'detach', id: UUID_A, source: SOURCE, fields: [] });
    }
    expect(orphan(live, { ...policy, removedAt: () => undefined }).verb).not.toBe('detach');
  });

  test('have the same digest when they are let go of again, and another one than a delete', () => {
    const removed = { ...prune, removedAt: () => SOURCE };
    const elsewhere = { ...prune, removedAt: () => ({ ...SOURCE, line: 9 }) };
    expect(orphan(live, removed).op).toBe(orphan(null, elsewhere).op);
    expect(orphan(live, removed).op).not.toBe(orphan(live).op);
  });

  test('stay, with the reason, where something speaks for them', () => {
    expect(orphan(live, { ...prune, keptWhy: () => 'so it is' })).toMatchObject({
      verb: 'noop',
      notes: ['no longer in the file; it stays as it is: so it is'],
    });
  });

  test('are not what the file declares under another key', () => {
    const renamed = aDestination('team', { display_name: 'slack', slack: { url: aSecret('SLACK') } });
    const scene = {
      resources: [renamed],
      matches: { 'destination/team': found(live) },
      orphans: { 'destination/slack': live },
    };
    expect(verbsOf(planOf(scene, { record, policy: prune }).changes)).toEqual({
      'destination/team': 'adopt',
    });
  });

  test.each<[string, Record<string, Match>]>([
    [
      'means one of several',
      { 'destination/team': { state: 'ambiguous', candidates: [live, { ...live, id: UUID_B }] } },
    ],
    ['cannot be read', { 'destination/team': { state: 'unreadable', why: 'no', reason: 'no-permission' } }],
  ])('stay where an entry of that name %s', (_name, matches) => {
    const renamed = aDestination('team', { display_name: 'slack', slack: { url: aSecret('SLACK') } });
    const scene = { resources: [renamed], matches, orphans: { 'destination/slack': live } };
    const { changes } = planOf(scene, { record, policy: prune });
    expect(verbsOf(changes)).toEqual({ 'destination/slack': 'noop', 'destination/team': 'blocked' });
  });

  test('include a job whose entry was pointed at another', () => {
    const before = aRecorded(aJob('etl'), {
      id: '1',
      added: { 'email_notifications.on_failure': ['oncall@company.test'] },
    });
    const told = { email_notifications: { on_failure: ['oncall@company.test'] } };
    const scene = {
      resources: [aJob('etl')],
      matches: { 'job/etl': found(aLiveJob('2', 'etl')) },
      orphans: { 'job/1': aLiveJob('1', 'formerly', told) },
    };
    const ofJobs = { record: aRecord({ 'job/1': before }), policy: prune };
    expect(verbsOf(planOf(scene, ofJobs).changes)).toEqual({ 'job/1': 'update', 'job/2': 'update' });
    const lost = { ...scene, matches: {} };
    expect(verbsOf(planOf(lost, ofJobs).changes)).toEqual({ 'job/etl': 'blocked' });
  });

  test('stay where two entries claim them', () => {
    const resources = [
      aDestination('one', { id: UUID_A, slack: { url: aSecret('SLACK') } }),
      aDestination('two', { display_name: 'slack', slack: { url: aSecret('SLACK') } }),
    ];
    const matches = { 'destination/one': found(live, 'id'), 'destination/two': found(live) };
    const { changes } = planOf(
      { resources, matches, orphans: { 'destination/slack': live } },
      { record, policy: prune },
    );
    expect(verbsOf(changes)).toEqual({
      'destination/one': 'blocked',
      'destination/slack': 'noop',
      'destination/two': 'blocked',
    });
  });
});

describe('taking back from a job that the file no longer names', () => {
  const ON = 'email_notifications.on_failure';
  const HOOK = 'webhook_notifications.on_failure';
  const FLAG = 'notification_settings.no_alert_for_skipped_runs';
  const prune = aPolicy({ prune: true });

  function takenBack(
    parts: Partial<RecordedObject>,
    settings: Record<string, unknown>,
    context: Partial<PlanContext> = {},
  ) {
    const recorded = aRecorded(aJob('etl'), { id: '1', ...parts });
    const objects = { 'job/1': recorded, ...context.record?.objects };
    const scene = { orphans: { 'job/1': aLiveJob('1', 'etl', settings) } };
    return planOf(scene, { policy: prune, ...context, record: aRecord(objects) }).changes.find(
      ({ address }) => address === 'job/1',
    )!;
  }

  test('removes what we added and leaves what others did', () => {
    const change = takenBack(
      { added: { [ON]: ['ours@company.test'] } },
      { email_notifications: { on_failure: ['ours@company.test', 'theirs@company.test'] } },
    );
    expect(change).toMatchObject({ verb: 'update', isRelease: true });
    expect(change.fields).toMatchObject([{ path: ON, after: ['theirs@company.test'] }]);
  });

  test('has nothing to do where nothing of ours is left', () => {
    expect(takenBack({ added: { [ON]: ['ours@company.test'] } }, {})).toMatchObject({ verb: 'noop' });
  });

  test.each([
    ['still has our value', { no_alert_for_skipped_runs: true }, 'update'],
    ['was changed since', {}, 'noop'],
  ])('sets a flag back only where it %s', (_name, settings, verb) => {
    const parts = { before: { [FLAG]: null }, applied: { [FLAG]: true } };
    expect(takenBack(parts, { notification_settings: settings }).verb).toBe(verb);
  });

  test('does not restore what we removed', () => {
    const change = takenBack({ applied: { [ON]: [] } }, {});
    expect(change).toMatchObject({ verb: 'noop', fields: [] });
  });

  test.each<[string, Record<string, string>]>([
    ['is still declared', { 'destination/slack': UUID_A }],
    ['is dropped from the file too', {}],
    ['goes by another key now', { 'destination/renamed': UUID_A }],
  ])('removes a destination that we added and that %s', (_name, ids) => {
    const record = aRecord({ 'destination/slack': aRecorded(aDestination('slack'), { id: UUID_A }) });
    const settings = { webhook_notifications: { on_failure: [{ id: UUID_A }, { id: UUID_B }] } };
    const directory = aDirectory(ids, { [UUID_A]: 'slack', [UUID_B]: 'theirs' });
    const change = takenBack({ added: { [HOOK]: ['${destination/slack}'] } }, settings, {
      record,
      directory,
    });
    expect(change.verb).toBe('update');
    expect(String(change.fields[0]?.after)).toBe(UUID_B);
  });
});

describe('summarise', () => {
  test('counts by verb, drift and foreign objects', () => {
    const changes = [anUpdate(), anUpdate({ verb: 'adopt', fields: [aField({ isDrifted: true })] })];
    expect(summarise(changes, 3)).toMatchObject({ update: 1, adopt: 1, create: 0, drifted: 1, foreign: 3 });
  });
});
