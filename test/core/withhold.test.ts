import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Division } from '../../src/core/approval.ts';
import type { Delete, Pending, Update } from '../../src/core/change.ts';
import { withhold } from '../../src/core/withhold.ts';
import { aDestination, aRecorded, anObserved, anUpdate } from '../support/builders.ts';

const change = (address: string, parts: Partial<Update> = {}): Update => anUpdate({ address, ...parts });
const divisionOf = (...execute: readonly Pending[]): Division => ({
  execute,
  heldBack: [],
  refused: [],
  blocked: [],
});
const DENIED = { reason: 'no-permission', message: 'no' };
const denying = (...addresses: readonly string[]) => new Map(addresses.map((address) => [address, DENIED]));

const told = ({ execute, blocked }: Division) => ({
  execute: execute.map(({ address }) => address),
  blocked: blocked.map(({ change: { address }, obstacle }) => [address, obstacle.reason]),
});

const user = (address: string, id: string, parts: Partial<Update> = {}): Update =>
  change(address, {
    live: anObserved({ uses: [{ kind: 'destination', id, place: 'webhook_notifications.on_failure' }] }),
    ...parts,
  });

function deletion(id: string): Delete {
  const { address, kind, key, display, source } = change('destination/old', { kind: 'destination' });
  const shown = { address, kind, key, display, source, fields: [], requires: [], notes: [] };
  return { ...shown, verb: 'delete', id, op: 'op', recorded: aRecorded(aDestination('old')) };
}

describe('withhold', () => {
  test('leaves everything as it is where nothing is denied', () => {
    const division = divisionOf(change('job/a'), change('job/b'));
    expect(withhold(division, new Map())).toBe(division);
    expect(withhold(division, denying('job/c'))).toBe(division);
  });

  test('takes out what is denied and what needs it, however far', () => {
    const division = divisionOf(
      change('destination/a'),
      change('job/b', { requires: ['destination/a'] }),
      change('job/c', { requires: ['job/b'] }),
      change('job/d'),
    );
    expect(told(withhold(division, denying('destination/a')))).toEqual({
      execute: ['job/d'],
      blocked: [
        ['destination/a', 'no-permission'],
        ['job/b', 'requires'],
        ['job/c', 'requires'],
      ],
    });
  });

  test('takes out what may go only once a denied change no longer points at it', () => {
    const division = divisionOf(deletion('D'), user('job/a', 'D'), user('job/b', 'E'));
    const withheld = withhold(division, denying('job/a'));
    expect(told(withheld)).toEqual({
      execute: ['job/b'],
      blocked: [
        ['job/a', 'no-permission'],
        ['destination/old', 'requires'],
      ],
    });
    expect(withheld.blocked[1]?.obstacle.message).toBe(
      'job/a still points at it, and is blocked: until that changes it stays',
    );
    expect(told(withhold(divisionOf(deletion('F'), user('job/a', 'D')), denying('job/a'))).execute).toEqual([
      'destination/old',
    ]);
  });

  test('never leaves anything to run that needs what does not, and loses nothing', () => {
    const addresses = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 10 });
    const graph = addresses.chain((ids) =>
      fc.record({
        changes: fc.tuple(
          ...ids.map((id) =>
            fc
              .subarray(ids)
              .map((needs) => change(`job/${id}`, { requires: needs.map((one) => `job/${one}` as const) })),
          ),
        ),
        denied: fc.subarray(ids),
      }),
    );
    fc.assert(
      fc.property(graph, ({ changes, denied }) => {
        const { execute, blocked } = withhold(
          divisionOf(...changes),
          denying(...denied.map((id) => `job/${id}`)),
        );
        const stopped = new Set(blocked.map((one) => one.change.address));
        expect(execute.filter(({ requires }) => requires.some((one) => stopped.has(one)))).toEqual([]);
        expect(denied.every((id) => stopped.has(`job/${id}`))).toBe(true);
        expect(new Set([...execute, ...blocked.map((one) => one.change)])).toEqual(new Set(changes));
        expect(execute.length + blocked.length).toBe(changes.length);
      }),
    );
  });
});
