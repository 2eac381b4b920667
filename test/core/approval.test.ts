import { describe, expect, test } from '@jest/globals';
import { divide, holdDependants, type Division } from '../../src/core/approval.ts';
import type { Change, Update } from '../../src/core/change.ts';
import { anUpdate } from '../support/builders.ts';

const change = (address: string, parts: Partial<Update> = {}): Update =>
  anUpdate({ address, op: `op ${address}`, ...parts });
const approve = (...addresses: string[]) => ({
  digest: 'digest',
  ops: addresses.map((address) => ({ address, op: `op ${address}` })),
});

const told = ({ execute, heldBack, refused }: Division) => ({
  execute: execute.map(({ address }) => address),
  heldBack: heldBack.map(({ change: { address } }) => address),
  refused: refused.map(({ address }) => address),
});

describe('divide', () => {
  const [a, b] = [change('a'), change('b')];

  test('executes everything where everything is approved', () => {
    expect(told(divide([a, b], 'everything'))).toEqual({ execute: ['a', 'b'], heldBack: [], refused: [] });
  });

  test('executes what is both current and approved', () => {
    expect(told(divide([a, b], approve('a', 'gone')))).toEqual({
      execute: ['a'],
      heldBack: ['b'],
      refused: [],
    });
    expect(divide([a, b], approve('a')).heldBack[0]?.why).toBe('not approved');
  });

  test('refuses what is no longer what was approved under that address', () => {
    const changed = change('a', { op: 'another op' });
    expect(told(divide([changed, b], approve('a', 'b')))).toEqual({
      execute: ['b'],
      heldBack: [],
      refused: ['a'],
    });
  });

  test('does not take an adopt for the create that was approved', () => {
    const adopted = change('destination/x', { verb: 'adopt', op: 'op adopt' });
    expect(told(divide([adopted], approve('destination/x'))).refused).toEqual(['destination/x']);
  });

  test('executes nothing without an approval, rotations aside', () => {
    const rotation = change('c', { verb: 'rotate', op: null });
    expect(told(divide([a, rotation], approve()))).toEqual({ execute: ['c'], heldBack: ['a'], refused: [] });
  });

  test('passes by what is not pending', () => {
    const { op: _op, ...rest } = a;
    const blocked: Change = { ...rest, verb: 'blocked', op: null, obstacle: { reason: 'x', message: '' } };
    expect(told(divide([blocked], 'everything')).execute).toEqual([]);
  });

  test('holds back what needs something that does not run, however far down', () => {
    const changes = [
      change('a'),
      change('b', { requires: ['a'] }),
      change('c', { requires: ['b'] }),
      change('d'),
    ];
    const division = divide(changes, approve('b', 'c', 'd'));
    expect(told(division)).toEqual({ execute: ['d'], heldBack: ['a', 'b', 'c'], refused: [] });
    expect(division.heldBack[1]?.why).toBe('it needs a, which does not run');
  });

  test('holds back what needs something that is refused', () => {
    const changes = [change('a', { op: 'other' }), change('b', { requires: ['a'] })];
    expect(told(divide(changes, approve('a', 'b')))).toEqual({
      execute: [],
      heldBack: ['b'],
      refused: ['a'],
    });
  });

  test('does what a lesser identity saw and holds back the rest', () => {
    const greater = change('a', { op: 'greater', lesser: change('a') });
    const division = divide([greater], approve('a'));
    expect(told(division)).toEqual({ execute: ['a'], heldBack: ['a'], refused: [] });
    expect(division.execute[0]?.op).toBe('op a');
    expect(told(divide([greater], { digest: 'digest', ops: [{ address: 'a', op: 'greater' }] }))).toEqual({
      execute: ['a'],
      heldBack: [],
      refused: [],
    });
    expect(
      told(divide([greater], { digest: 'digest', ops: [{ address: 'a', op: 'third' }] })).refused,
    ).toEqual(['a']);
  });
});

describe('holdDependants', () => {
  test('leaves alone what needs only what runs', () => {
    const execute = [change('a'), change('b', { requires: ['a'] })];
    const division = { execute, heldBack: [], refused: [], blocked: [] };
    expect(holdDependants(division)).toBe(division);
  });
});
