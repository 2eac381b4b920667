import { describe, expect, test } from '@jest/globals';
import { applyProgress, statusLine } from '../../src/app/progress.ts';
import type { Host } from '../../src/host/host.ts';
import { hostOf } from '../support/cli.ts';

const QUIET = { quiet: true };
const LOUD = { quiet: false };

function aHost(parts: Partial<Host>) {
  const printed = { out: '', err: '' };
  const time = { now: 0, slept: 0, interrupted: new Set<() => void>() };
  const host: Host = { ...hostOf({ env: {}, answers: [] }, time, printed), clock: () => time.now, ...parts };
  return { host, printed, time };
}

type Told = ReturnType<typeof aHost>;

/** One change after another, at so many milliseconds each. */
function apply({ host, time }: Told, options: { quiet: boolean }, everyMs: readonly number[]): void {
  const progress = applyProgress(host, statusLine(host, options));
  for (const [at, ms] of everyMs.entries()) {
    time.now += ms;
    progress(at + 1, everyMs.length);
  }
}

function every(ms: number, count: number): readonly number[] {
  return Array.from({ length: count }, () => ms);
}

describe('on a terminal', () => {
  test('writes one line over and over, and takes it away at the end', () => {
    const told = aHost({ isErrTerminal: true });
    apply(told, LOUD, every(100, 50));
    const lines = told.printed.err.split('\r\u001b[K').slice(1);
    expect(lines).toHaveLength(50);
    expect(lines[24]).toBe('[███████████████░░░░░░░░░░░░░░░] applying 25 of 50, 10.0/s, about 3 s left');
    expect(lines.at(-1)).toBe('');
    expect(told.printed.err).not.toContain('\n');
  });

  test('goes by the pace of late, not by that of the beginning', () => {
    const told = aHost({ isErrTerminal: true, env: { NO_COLOR: '1' } });
    apply(told, LOUD, [...every(2_000, 30), ...every(100, 270), ...every(100, 100)]);
    const lines = told.printed.err.split('\r\u001b[K');
    expect(lines[30]).toContain('applying 30 of 400, 30/min, about 13 min left');
    expect(lines[300]).toBe('[######################--------] applying 300 of 400, 10.0/s, about 10 s left');
  });

  test('never wraps', () => {
    const told = aHost({ isErrTerminal: true, columns: 20 });
    apply(told, LOUD, every(100, 50));
    for (const line of told.printed.err.split('\r\u001b[K')) expect(line.length).toBeLessThan(20);
  });

  test.each([
    [{ isErrTerminal: true }, QUIET],
    [{ isErrTerminal: false }, LOUD],
    [{ isErrTerminal: true, env: { TERM: 'dumb' } }, LOUD],
  ])('is silent where nobody watches: %j, %j', (parts, options) => {
    const told = aHost(parts);
    apply(told, options, every(5_000, 50));
    expect(told.printed.err).toBe('');
  });
});

describe('in a log', () => {
  test('says once in half a minute that it goes on, on lines of their own', () => {
    const told = aHost({ isLog: true });
    apply(told, QUIET, every(1_000, 100));
    expect(told.printed.err).toBe(
      'applying 30 of 100, 1.0/s, about 2 min left\n' +
        'applying 60 of 100, 1.0/s, about 40 s left\n' +
        'applying 90 of 100, 1.0/s, about 10 s left\n',
    );
  });

  test('says nothing of what is done soon', () => {
    const told = aHost({ isLog: true });
    apply(told, QUIET, every(100, 200));
    expect(told.printed.err).toBe('');
  });
});
