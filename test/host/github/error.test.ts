import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { GitHubError, gitHubError } from '../../../src/host/github/error.ts';

const TOKEN = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz';

type Parts = {
  readonly status?: number;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** As Octokit throws it where an answer came, with all that it carries. */
function refusal({ status = 403, message = 'no', headers = {} }: Parts = {}): Error {
  const url = 'https://api.github.com/repos/acme/data/issues/1/comments';
  const response = { status, url, headers, data: { message, token: TOKEN } };
  const request = { method: 'POST', url, headers: { authorization: `token ${TOKEN}` }, body: TOKEN };
  return Object.assign(new Error(message, { cause: { request } }), {
    name: 'HttpError',
    status,
    response,
    request,
  });
}

/** As Octokit throws it where GraphQL answers with errors. */
function queryRefusal(type: string | undefined, message: string): Error {
  const errors = [{ type, message }, { message: 'another' }];
  const headers = { 'x-request-id': '1' };
  const request = { query: '{ viewer { login } }', headers: { authorization: `bearer ${TOKEN}` } };
  const said = `Request failed due to following response errors:\n - ${message}\n - another`;
  return Object.assign(new Error(said), { errors, headers, request, response: { errors, data: null } });
}

describe('what GitHub refused', () => {
  test.each([400, 401, 403, 404, 409, 410, 422, 429, 500, 502, 503])(
    'is told with its status %d',
    (status) => {
      const error = gitHubError('comment', refusal({ status, message: 'the reason' }));
      expect(error).toBeInstanceOf(GitHubError);
      expect(error.message).toBe(`GitHub did not let us comment: ${status} the reason`);
      expect(error.status).toBe(status);
      expect(error.isRefusedText).toBe(status === 422);
    },
  );

  test('is told in one line that is not too long', () => {
    const page = `<html>${'x'.repeat(90_000)}</html>\n<body>`;
    const { message } = gitHubError('comment', refusal({ status: 502, message: page }));
    expect(message.length).toBeLessThan(600);
    expect(gitHubError('comment', refusal({ message: 'one\ntwo' })).message).toMatch(/: 403 one$/u);
    const documented = 'Not Found - https://docs.github.com/rest/issues#create';
    expect(gitHubError('comment', refusal({ message: documented })).message).toMatch(/: 403 Not Found$/u);
  });

  test.each([
    [403, 'Resource not accessible by integration', true],
    [403, 'Resource not accessible by personal access token', true],
    [403, 'Unable to create comment because issue is locked.', false],
    [403, 'You have exceeded a secondary rate limit.', false],
    [401, 'Bad credentials', false],
    [404, 'Resource not accessible by integration', false],
  ])('is a missing permission, %d %s: %s', (status, message, expected) => {
    const headers = { 'x-accepted-github-permissions': 'issues=write; pull_requests=write' };
    expect(gitHubError('comment', refusal({ status, message, headers })).isMissingPermission).toBe(expected);
  });
});

describe('what GraphQL refused', () => {
  test.each([
    ['FORBIDDEN', 403],
    ['INSUFFICIENT_SCOPES', 403],
    ['NOT_FOUND', 404],
    ['RATE_LIMITED', 429],
    ['SOMETHING_NEW', 200],
    [undefined, 200],
  ])('as %s counts as the status %d', (type, status) => {
    const error = gitHubError('minimise a comment', queryRefusal(type, 'the reason'));
    expect(error.status).toBe(status);
    expect(error.message).toBe(`GitHub did not let us minimise a comment: ${status} the reason`);
  });

  test('is a missing permission like any other', () => {
    const error = queryRefusal('FORBIDDEN', 'Resource not accessible by integration');
    expect(gitHubError('ask who we are', error).isMissingPermission).toBe(true);
  });
});

describe('where no answer came', () => {
  test.each([
    [new TypeError('fetch failed'), 'fetch failed'],
    [Object.assign(new Error('connect ECONNREFUSED'), { status: 500, request: {} }), 'connect ECONNREFUSED'],
    ['a text', 'a text'],
    [null, 'null'],
    [undefined, 'undefined'],
    [7, '7'],
    [{}, 'no reason given'],
    [{ message: 7 }, 'no reason given'],
  ])('the status is 0 and the reason is what was thrown: %#', (thrown, said) => {
    const error = gitHubError('read checks', thrown);
    expect(error.status).toBe(0);
    expect(error.message).toBe(`GitHub did not let us read checks: no answer (${said})`);
  });

  test('the header that could not be sent is not quoted', async () => {
    const headers = { authorization: `token ${TOKEN}\nmore` };
    const thrown: unknown = await fetch('https://github.test', { headers }).catch((error: unknown) => error);
    const told = gitHubError('comment', thrown);
    expect(told.message).toBe(
      'GitHub did not let us comment: no answer (the token holds a character that cannot be sent)',
    );
  });
});

describe('the token', () => {
  const everywhere = (error: GitHubError): string =>
    [
      error.message,
      error.stack,
      String(error),
      JSON.stringify(error),
      JSON.stringify(Object.getOwnPropertyDescriptors(error)),
      inspect(error, { depth: Infinity, showHidden: true, getters: true }),
    ].join('\n');

  test.each([
    refusal(),
    refusal({ status: 422, message: 'Validation Failed' }),
    refusal({ headers: { 'x-accepted-github-permissions': 'checks=write', 'set-cookie': TOKEN } }),
    queryRefusal('FORBIDDEN', 'no'),
    Object.assign(new TypeError('fetch failed', { cause: new Error(TOKEN) }), { request: { token: TOKEN } }),
    { message: 'no', token: TOKEN },
  ])('and the request are nowhere in the error, %#', (thrown) => {
    const text = everywhere(gitHubError('comment', thrown));
    expect(text).not.toContain(TOKEN);
    expect(text).not.toMatch(/authorization|api\.github\.com\/repos/u);
  });

  test('is not carried by any member that something thrown may have', () => {
    const member = fc.constantFrom(
      'request',
      'response',
      'headers',
      'cause',
      'options',
      'config',
      'stack',
      'data',
    );
    fc.assert(
      fc.property(fc.dictionary(member, fc.constant({ headers: { authorization: TOKEN } })), (members) => {
        const text = everywhere(gitHubError('comment', Object.assign(new Error('no'), members)));
        expect(text).not.toContain(TOKEN);
      }),
    );
  });
});
