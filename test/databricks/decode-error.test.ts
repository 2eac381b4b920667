import { describe, expect, test } from '@jest/globals';
import {
  ApiError,
  AuthError,
  ConflictError,
  LostAnswerError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  StaleWriteError,
  UnavailableError,
} from '../../src/core/errors.ts';
import { type Attempted, decodeError, decodeLost } from '../../src/databricks/decode-error.ts';
import type { Answer, NoAnswer } from '../../src/databricks/wire.ts';

function attempted(parts: Partial<Attempted> = {}): Attempted {
  return {
    method: 'GET',
    path: '/api/2.0/alerts',
    origin: 'https://workspace.test',
    attempts: 1,
    mask: (text) => text,
    ...parts,
  };
}

function anAnswer(status: number, text = '', headers: Record<string, string> = {}): Answer {
  return { outcome: 'answer', status, headers, text };
}

function coded(code: string | number, message = 'text'): string {
  return JSON.stringify({ error_code: code, message });
}

const JOBS = '/api/2.2/jobs/get';
const PAGE = '<!doctype html><title>Sign in</title>';

describe('decodeError', () => {
  test.each<[string, Answer, unknown, string?]>([
    ['a wrong token', anAnswer(403, coded(403, 'Invalid access token. [ReqId: 1]')), AuthError],
    ['a wrong token told by its text', anAnswer(403, '{"message":"Invalid access token."}'), AuthError],
    ['401', anAnswer(401), AuthError],
    ['401 with a page', anAnswer(401, PAGE), AuthError],
    ['a missing permission', anAnswer(403, coded('PERMISSION_DENIED')), PermissionError],
    ['a disabled feature', anAnswer(403, coded('FEATURE_DISABLED')), PermissionError],
    ['403 without a code', anAnswer(403, 'Forbidden'), PermissionError],
    ['a missing resource', anAnswer(404, coded('RESOURCE_DOES_NOT_EXIST')), NotFoundError],
    ['NOT_FOUND', anAnswer(404, coded('NOT_FOUND')), NotFoundError],
    ['a coded text', anAnswer(404, 'RESOURCE_DOES_NOT_EXIST: gone'), NotFoundError],
    [
      'a missing resource without a code',
      anAnswer(404, '{"message":"Alert 1 does not exist."}'),
      NotFoundError,
    ],
    ['SCIM', anAnswer(404, '{"detail":"User 1 not found.","status":"404"}'), NotFoundError],
    [
      'an unknown endpoint',
      anAnswer(404, coded('ENDPOINT_NOT_FOUND', "No API found for 'GET /x'")),
      ApiError,
    ],
    [
      'an unknown endpoint without a code',
      anAnswer(404, '{"message":"No API found, does not exist"}'),
      ApiError,
    ],
    ['a missing workspace', anAnswer(404, coded('WORKSPACE_NOT_FOUND', 'workspace not found')), ApiError],
    ['a disabled feature that is 404', anAnswer(404, coded('FEATURE_DISABLED')), ApiError],
    ['an empty 404', anAnswer(404), ApiError],
    ['a page with 404', anAnswer(404, '<html><pre>x not found</pre>'), ApiError],
    ['a bare Not Found', anAnswer(404, '{"message":"Not Found"}'), ApiError],
    [
      'a missing job',
      anAnswer(400, coded('INVALID_PARAMETER_VALUE', 'Job 12 does not exist.'), {}),
      NotFoundError,
      JOBS,
    ],
    [
      'a missing job without a code',
      anAnswer(400, '{"message":"Job 12 does not exist."}'),
      NotFoundError,
      JOBS,
    ],
    [
      'a missing destination of a job',
      anAnswer(400, coded('INVALID_PARAMETER_VALUE', 'Webhook with id 1 does not exist')),
      ApiError,
      '/api/2.2/jobs/update',
    ],
    [
      'a missing cluster of a job',
      anAnswer(400, coded('INVALID_PARAMETER_VALUE', 'Job cluster key a1 does not exist')),
      ApiError,
      '/api/2.2/jobs/update',
    ],
    [
      'a job elsewhere',
      anAnswer(400, coded('BAD_REQUEST', 'Job 12 does not exist')),
      ApiError,
      '/api/2.0/alerts',
    ],
    ['409', anAnswer(409), StaleWriteError],
    ['an aborted 409', anAnswer(409, coded('ABORTED')), StaleWriteError],
    ['a 409 about what exists', anAnswer(409, coded('RESOURCE_ALREADY_EXISTS')), ConflictError],
    ['an existing file', anAnswer(400, coded('', 'Path (/a) already exists.')), ConflictError],
    ['an existing resource', anAnswer(400, coded('RESOURCE_ALREADY_EXISTS')), ConflictError],
    ['429', anAnswer(429, coded('REQUEST_LIMIT_EXCEEDED')), RateLimitError],
    ['408', anAnswer(408), UnavailableError],
    ['500', anAnswer(500, coded('INTERNAL_ERROR')), UnavailableError],
    ['503', anAnswer(503, '<html><pre>down</pre>'), UnavailableError],
    ['507', anAnswer(507), UnavailableError],
    ['501', anAnswer(501), ApiError],
    ['400', anAnswer(400, coded('INVALID_PARAMETER_VALUE')), ApiError],
    ['407', anAnswer(407), ApiError],
    ['a redirect', anAnswer(302, '', { location: 'https://login.test/?session=1' }), ApiError],
    ['a page with 200', anAnswer(200, PAGE), ApiError],
    ['nonsense with 200', anAnswer(200, '{"half":'), UnavailableError],
  ])('reads %s', (_, answer, expected, path = '/api/2.0/alerts') => {
    expect(decodeError(answer, attempted({ path })).constructor).toBe(expected);
  });

  test('tells method, path, status, code, message and request', () => {
    const error = decodeError(
      anAnswer(400, coded('BAD_REQUEST', 'no'), { 'x-request-id': 'r-1' }),
      attempted(),
    );
    expect(error.message).toBe('GET /api/2.0/alerts answered 400 BAD_REQUEST: no (request r-1)');
    expect(error).toMatchObject({
      method: 'GET',
      path: '/api/2.0/alerts',
      status: 400,
      errorCode: 'BAD_REQUEST',
      requestId: 'r-1',
    });
  });

  test('tells how often it tried, and no code that repeats the status', () => {
    const error = decodeError(anAnswer(503, coded(503, 'busy')), attempted({ attempts: 5 }));
    expect(error.message).toBe('GET /api/2.0/alerts answered 503: busy, tried 5 times');
  });

  test('bounds and cleans what the server says', () => {
    const said = `a\u001b[31m\nb\u202ec${'x'.repeat(5_000)}`;
    const { message } = decodeError(anAnswer(400, coded('BAD_REQUEST', said)), attempted());
    expect(message).toContain(': a [31m b cxxx');
    expect(message.length).toBeLessThan(600);
    expect(message.endsWith('x…')).toBe(true);
  });

  test('masks before it cuts, everywhere', () => {
    const mask = (text: string) => text.replaceAll('tok-1', '(secret)');
    const said = `${'x'.repeat(496)}tok-1`;
    const answer = anAnswer(400, coded('E_tok-1', said), { 'x-request-id': 'tok-1' });
    const error = decodeError(answer, attempted({ mask }));
    expect(JSON.stringify([error, error.message])).not.toMatch(/tok/);
    expect(error).toMatchObject({ errorCode: 'E_(secret)', requestId: '(secret)' });
  });

  test.each<[Answer, string]>([
    [anAnswer(403, coded(403)), 'https://workspace.test'],
    [anAnswer(200, PAGE), 'check the host'],
    [anAnswer(301), 'redirects are not followed'],
    [anAnswer(403, coded('PERMISSION_DENIED')), 'permission'],
    [anAnswer(404), 'does not offer this API'],
    [anAnswer(407), 'HTTPS_PROXY'],
    [anAnswer(429), 'DATABRICKS_RATE_LIMIT'],
    [anAnswer(503), 'try later'],
  ])('hints at the next step %#', (answer, hint) => {
    expect(decodeError(answer, attempted()).hint).toContain(hint);
  });

  test('names the origin of a redirect only', () => {
    const answer = anAnswer(302, '', { location: 'https://login.test/oidc?state=session-1' });
    expect(decodeError(answer, attempted()).message).toBe(
      'GET /api/2.0/alerts answered 302: a redirect to https://login.test',
    );
    expect(decodeError(anAnswer(302, '', { location: '/login' }), attempted()).message).toContain(
      'to another page',
    );
  });

  test.each<[NoAnswer['reason'], string, string]>([
    ['refused', 'could not connect', 'HTTPS_PROXY'],
    ['untrusted', 'does not trust the certificate', 'NODE_EXTRA_CA_CERTS'],
    ['broken', 'lost the connection', 'network'],
    ['timeout', 'got no answer in time', 'network'],
  ])('words %s', (reason, words, hint) => {
    const error = decodeError({ outcome: 'no-answer', reason, fault: 'EXAMPLE' }, attempted({ attempts: 3 }));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toBe(`GET /api/2.0/alerts ${words} (EXAMPLE), tried 3 times`);
    expect(error).toMatchObject({ status: 0, errorCode: 'EXAMPLE', hint: expect.stringContaining(hint) });
  });
});

test('decodeError says that an answer is too large, and not to try again', () => {
  const error = decodeError({ outcome: 'no-answer', reason: 'too-large', fault: 'X' }, attempted());
  expect(error).toBeInstanceOf(ApiError);
  expect(error).not.toBeInstanceOf(UnavailableError);
  expect(error.code).toBe('too-large');
  expect(error.message).toBe('GET /api/2.0/alerts got an answer that is larger than we read');
});

describe('decodeLost', () => {
  test('keeps what is known and says to look first', () => {
    const error = decodeLost(
      anAnswer(504, coded('DEADLINE_EXCEEDED', 'late'), { 'x-request-id': 'r' }),
      attempted({ method: 'POST' }),
    );
    expect(error).toBeInstanceOf(LostAnswerError);
    expect(error.message).toBe(
      'POST /api/2.0/alerts answered 504 DEADLINE_EXCEEDED: late (request r); it may have been done all the same',
    );
    expect(error).toMatchObject({
      status: 504,
      errorCode: 'DEADLINE_EXCEEDED',
      requestId: 'r',
      hint: expect.stringContaining('look'),
    });
  });

  test('has status 0 where no answer came', () => {
    expect(
      decodeLost({ outcome: 'no-answer', reason: 'timeout', fault: 'ETIMEDOUT' }, attempted()).status,
    ).toBe(0);
  });
});
