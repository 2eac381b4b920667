import { describe, expect, test } from '@jest/globals';
import { toNoAnswer } from '../../src/databricks/fault.ts';

/** As axios wraps it: its own code outside, the system's error as the cause. */
function anError(code: string | undefined, cause?: unknown): Error {
  return Object.assign(new Error('Bearer dapi-1', { cause }), { code, config: { headers: 'dapi-1' } });
}

function system(code: string, syscall?: string): Error {
  return Object.assign(new Error(code), { code, syscall });
}

function many(code: string, errors: readonly Error[]): Error {
  return Object.assign(new AggregateError(errors), { code });
}

describe('toNoAnswer', () => {
  test.each<[string, unknown, string, string]>([
    [
      'a refused connection',
      anError('ECONNREFUSED', system('ECONNREFUSED', 'connect')),
      'refused',
      'ECONNREFUSED',
    ],
    ['an unknown name', anError('ENOTFOUND', system('ENOTFOUND', 'getaddrinfo')), 'refused', 'ENOTFOUND'],
    [
      'a connection that times out',
      anError('ETIMEDOUT', system('ETIMEDOUT', 'connect')),
      'refused',
      'ETIMEDOUT',
    ],
    [
      'addresses that all refuse',
      anError(
        'ECONNREFUSED',
        many('ECONNREFUSED', [system('ECONNREFUSED', 'connect'), system('ENETUNREACH', 'connect')]),
      ),
      'refused',
      'ECONNREFUSED',
    ],
    [
      'addresses that do not all refuse',
      anError(
        'ECONNRESET',
        many('ECONNRESET', [system('ECONNREFUSED', 'connect'), system('ECONNRESET', 'read')]),
      ),
      'broken',
      'ECONNRESET',
    ],
    ['nothing tried', anError('EXAMPLE', many('EXAMPLE', [])), 'broken', 'EXAMPLE'],
    ['a reset', anError('ECONNRESET', system('ECONNRESET', 'read')), 'broken', 'ECONNRESET'],
    ['a broken body', anError('ERR_BAD_RESPONSE', system('ECONNRESET')), 'broken', 'ECONNRESET'],
    ['a body that is too long', anError('ERR_BAD_RESPONSE'), 'broken', 'no complete answer'],
    ['a server without TLS', anError('EPROTO', system('EPROTO', 'write')), 'broken', 'EPROTO'],
    ['no code', anError(undefined), 'broken', 'no complete answer'],
    ['no error', 'text', 'broken', 'no complete answer'],
    ['null', null, 'broken', 'no complete answer'],
  ])('reads %s', (_, error, reason, fault) => {
    expect(toNoAnswer(error)).toEqual({ outcome: 'no-answer', reason, fault });
  });

  test.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('does not trust %s', (code) => {
    expect(toNoAnswer(anError(code, system(code)))).toMatchObject({ reason: 'untrusted', fault: code });
  });
});
