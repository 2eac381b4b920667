import { describe, expect, test } from '@jest/globals';
import { repaired, rewired } from '../../src/core/clearing.ts';
import { hashStatement } from '../../src/core/remember.ts';
import { type Observed, statementOf } from '../../src/core/resource.ts';
import { IdRef, Ref } from '../../src/core/value.ts';
import {
  aContext,
  aJob,
  anObserved,
  aPolicy,
  aRecord,
  aRecorded,
  ensure,
  exact,
  UUID_A,
  UUID_B,
} from '../support/builders.ts';

const PATH = 'webhook_notifications.on_failure';
const TASK = 'tasks.t.alert_task.subscribers';
const [A, B] = [UUID_A, UUID_B].map((id) => new IdRef('destination', id)) as [IdRef, IdRef];
const gone = aContext({
  policy: aPolicy({ isSurelyGone: (kind, id) => `${kind}/${id}` === `destination/${UUID_A}` }),
});

function using(...places: readonly string[]): Observed {
  return anObserved({
    spec: Object.fromEntries(places.map((place) => [place, [A, B]])),
    uses: places.flatMap((place) => [UUID_A, UUID_B].map((id) => ({ kind: 'destination', id, place }))),
  });
}

describe('repaired', () => {
  test('wishes an id away wherever it stands, and nothing else', () => {
    const job = aJob('etl', { mode: 'ensure', webhook_notifications: { on_failure: ['leads'] } });
    const { wishes, asides } = repaired(job, using(PATH, TASK), gone);
    expect(wishes[TASK]).toEqual({ ...ensure([]), without: [A] });
    expect(wishes[PATH]).toEqual({ ...job.wishes[PATH], without: [A] });
    expect(asides).toEqual(['takes out 2 ids of what no longer exists (--repair dangling)']);
  });

  test('states nothing that the file does not state', () => {
    const job = aJob();
    const after = repaired(job, using(TASK), gone);
    expect(statementOf(after)).toEqual(job.wishes);
    expect(hashStatement(after)).toBe(hashStatement(job));
  });

  test.each([
    ['where the file says exactly who is told', exact([B])],
    ['that the file itself names', ensure([A])],
  ])('leaves alone an id %s', (_what, wish) => {
    const job = { ...aJob(), wishes: { [PATH]: wish } };
    expect(repaired(job, using(PATH), gone)).toBe(job);
  });

  test('does nothing where nothing is repaired, nothing is gone, or nothing is ever written', () => {
    const job = aJob();
    expect(repaired(job, using(PATH), aContext())).toBe(job);
    expect(repaired(job, anObserved(), gone)).toBe(job);
    const looked = { ...job, isExisting: true };
    expect(repaired(looked, using(PATH), gone)).toBe(looked);
  });
});

describe('rewired', () => {
  const going = [{ kind: 'destination', id: UUID_A, address: 'destination/slack', verb: 'delete' }] as const;
  const job = { ...aJob('etl', { mode: 'ensure', notify: { on_failure: [] } }), address: 'job/1' };
  const after = (added: Record<string, string[]>) =>
    rewired(job, using(PATH, TASK), {
      going,
      context: aContext({ record: aRecord({ 'job/1': aRecorded(job, { added }) }) }),
    });

  test.each(['${destination/slack}', UUID_A])('takes out what we added as %s', (key) => {
    const { wishes, asides } = after({ [PATH]: [key] });
    expect(wishes[PATH]).toEqual({ ...ensure([]), without: [A] });
    expect(wishes[TASK]).toBeUndefined();
    expect(asides).toEqual(['rewires what we added and this plan deletes or replaces: destination/slack']);
  });

  test('puts the successor of what is replaced in its place', () => {
    const record = aRecord({ 'job/1': aRecorded(job, { added: { [TASK]: [UUID_A] } }) });
    const replaced = [{ ...going[0], verb: 'replace' as const }];
    const { wishes } = rewired(job, using(TASK), { going: replaced, context: aContext({ record }) });
    expect(wishes[TASK]).toEqual({ ...ensure([new Ref('destination/slack')]), without: [A] });
  });

  test('leaves alone what others added, and what stays', () => {
    expect(after({})).toBe(job);
    expect(after({ [PATH]: [UUID_B, '${destination/other}'] })).toBe(job);
  });
});
