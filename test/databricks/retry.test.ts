import { describe, expect, test } from '@jest/globals';
import { DEFAULT_POLICY, nextStep, type Turn } from '../../src/databricks/retry.ts';
import type { Answer, Exchange, NoAnswer } from '../../src/databricks/wire.ts';

const NOW = Date.UTC(2026, 0, 1);

function aTurn(parts: Partial<Turn> = {}): Turn {
  return { attempt: 1, spentMs: 0, nowMs: NOW, random: 0, ...parts };
}

function answer(status: number, headers: Record<string, string> = {}, text = ''): Answer {
  return { outcome: 'answer', status, headers, text };
}

function noAnswer(reason: NoAnswer['reason']): NoAnswer {
  return { outcome: 'no-answer', reason, fault: 'EXAMPLE' };
}

const BUSY = answer(503, {}, '{"error_code":"TEMPORARILY_UNAVAILABLE","message":"later"}');
const PAGE = answer(200, { 'content-type': 'text/html' }, '<html>');

describe('nextStep', () => {
  test.each<[string, Exchange, string, string]>([
    ['200 that is garbled', answer(200, {}, '{"half":'), 'wait', 'lost'],
    ['200 with a web page', PAGE, 'stop', 'stop'],
    ['302', answer(302), 'stop', 'stop'],
    ['400', answer(400), 'stop', 'stop'],
    ['401', answer(401), 'stop', 'stop'],
    ['403', answer(403), 'stop', 'stop'],
    ['404', answer(404), 'stop', 'stop'],
    ['408', answer(408), 'wait', 'lost'],
    ['409', answer(409), 'stop', 'stop'],
    ['429', answer(429), 'wait', 'wait'],
    ['499', answer(499), 'wait', 'lost'],
    ['500', answer(500), 'wait', 'lost'],
    ['501', answer(501), 'stop', 'stop'],
    ['502', answer(502), 'wait', 'lost'],
    ['503 of a gateway', answer(503, {}, 'upstream connect error'), 'wait', 'lost'],
    ['503 TEMPORARILY_UNAVAILABLE', BUSY, 'wait', 'wait'],
    ['503 with Retry-After', answer(503, { 'retry-after': '1' }), 'wait', 'wait'],
    ['504', answer(504), 'wait', 'lost'],
    ['a refused connection', noAnswer('refused'), 'wait', 'wait'],
    ['an untrusted certificate', noAnswer('untrusted'), 'stop', 'stop'],
    ['a broken connection', noAnswer('broken'), 'wait', 'lost'],
    ['a time-out', noAnswer('timeout'), 'wait', 'lost'],
    ['an answer that is too large', noAnswer('too-large'), 'stop', 'lost'],
  ])('after %s', (_, exchange, repeat, create) => {
    expect(nextStep('repeat', exchange, aTurn()).verb).toBe(repeat);
    expect(nextStep('create', exchange, aTurn()).verb).toBe(create);
  });

  test('doubles its waits up to the highest', () => {
    const waits = [1, 2, 3, 4, 5, 6, 40].map((attempt) =>
      nextStep('repeat', answer(429), aTurn({ attempt })),
    );
    expect(waits.map((step) => 'ms' in step && step.ms)).toEqual([500, 1000, 2000, 4000, 5000, 5000, 5000]);
  });

  test('spreads the second half of a wait by chance', () => {
    expect(nextStep('repeat', answer(500), aTurn({ random: 0.5 }))).toEqual({ verb: 'wait', ms: 750 });
  });

  test.each<[string, Answer, number]>([
    ['seconds', answer(429, { 'retry-after': '7' }), 7_000],
    ['a date', answer(429, { 'retry-after': new Date(NOW + 9_000).toUTCString() }), 9_000],
    ['a date that is over', answer(503, { 'retry-after': new Date(NOW - 9_000).toUTCString() }), 0],
    ['too many seconds', answer(429, { 'retry-after': '86400' }), 60_000],
    [
      'RetryInfo',
      answer(
        429,
        {},
        '{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retry_delay":"3s"}]}',
      ),
      3_000,
    ],
    ['nonsense', answer(429, { 'retry-after': 'soon' }), 500],
  ])('obeys %s', (_, exchange, ms) => {
    expect(nextStep('repeat', exchange, aTurn())).toEqual({ verb: 'wait', ms });
  });

  test('never comes back before Retry-After', () => {
    expect(nextStep('repeat', answer(429, { 'retry-after': '2' }), aTurn({ random: 0.9 }))).toEqual({
      verb: 'wait',
      ms: 2450,
    });
  });

  test('gives up a failing request after its tries, an overloaded one later', () => {
    const turn = aTurn({ attempt: DEFAULT_POLICY.attempts });
    expect(nextStep('repeat', answer(500), turn).verb).toBe('stop');
    expect(nextStep('repeat', noAnswer('refused'), turn).verb).toBe('stop');
    expect(nextStep('repeat', answer(429), turn).verb).toBe('wait');
    expect(nextStep('repeat', answer(429), aTurn({ attempt: 400 })).verb).toBe('stop');
  });

  test('begins no wait that ends after the deadline', () => {
    const limit = DEFAULT_POLICY.deadlineMs - 500;
    expect(nextStep('repeat', answer(429), aTurn({ spentMs: limit })).verb).toBe('wait');
    expect(nextStep('repeat', answer(429), aTurn({ spentMs: limit + 1 })).verb).toBe('stop');
  });
});
