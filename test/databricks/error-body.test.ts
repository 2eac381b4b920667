import { describe, expect, test } from '@jest/globals';
import { isHtml, readErrorBody } from '../../src/databricks/error-body.ts';
import type { Answer } from '../../src/databricks/wire.ts';

function anAnswer(text: string, headers: Record<string, string> = {}): Answer {
  return { outcome: 'answer', status: 400, headers, text };
}

const DETAILS = JSON.stringify({
  error_code: 'RESOURCE_EXHAUSTED',
  message: 'slow down',
  details: [
    'noise',
    { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'X' },
    { '@type': 'type.googleapis.com/google.rpc.RequestInfo', request_id: 'req-1' },
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retry_delay: '1.5s' },
  ],
});

describe('readErrorBody', () => {
  test.each([
    [
      '{"error_code":"BAD_REQUEST","message":"no"}',
      { form: 'json', errorCode: 'BAD_REQUEST', message: 'no' },
    ],
    ['{"error_code":403,"message":"Invalid"}', { form: 'json', errorCode: '403', message: 'Invalid' }],
    ['{"error_code":9007199254740993}', { errorCode: '9007199254740993', message: '' }],
    [
      '{"error_code":"","message":"x already exists."}',
      { errorCode: undefined, message: 'x already exists.' },
    ],
    ['{"error_code":null,"message":{"a":1}}', { form: 'json', errorCode: undefined, message: '' }],
    ['{"message":"no code"}', { errorCode: undefined, message: 'no code' }],
    ['{"error":"API 1.2"}', { errorCode: undefined, message: 'API 1.2' }],
    [
      '{"detail":"no user","status":"404","scimType":"invalidValue"}',
      { errorCode: 'invalidValue', message: 'no user' },
    ],
    ['{}', { form: 'json', errorCode: undefined, message: '' }],
    ['{"half":', { form: 'text', message: '{"half":' }],
    ['["x"]', { form: 'text', message: '["x"]' }],
    [
      'RESOURCE_DOES_NOT_EXIST: gone: really',
      { form: 'text', errorCode: 'RESOURCE_DOES_NOT_EXIST', message: 'gone: really' },
    ],
    ['Bad Gateway: x', { form: 'text', errorCode: undefined, message: 'Bad Gateway: x' }],
    ['<html><body><pre>it &lt;b&gt; &amp; <b>broke</b></pre>', { form: 'html', message: 'it <b> &  broke' }],
    ['<!DOCTYPE html><title>Sign in</title><p>x', { form: 'html', message: 'Sign in' }],
    ['<html><p>x', { form: 'html', message: 'a web page' }],
    ['', { form: 'empty', errorCode: undefined, message: '' }],
    [' \n ', { form: 'empty' }],
  ])('reads %s', (text, expected) => {
    expect(readErrorBody(anAnswer(text))).toMatchObject(expected);
  });

  test('looks only at the start of a page', () => {
    const page = `<html>${' '.repeat(30_000)}<pre>late</pre>`;
    expect(readErrorBody(anAnswer(page)).message).toBe('a web page');
  });

  test('reads request id and delay from the details', () => {
    expect(readErrorBody(anAnswer(DETAILS))).toMatchObject({ requestId: 'req-1', retryDelayMs: 1_500 });
  });

  test.each([
    [anAnswer('', { 'x-request-id': 'abc-1' }), 'abc-1'],
    [anAnswer('', { 'x-databricks-request-id': 'abc-2' }), 'abc-2'],
    [anAnswer('{"message":"Invalid access token. [ReqId: 5e-6f]"}'), '5e-6f'],
    [anAnswer('', { 'x-request-id': 'a\u001b[31m b"<' }), 'a31mb'],
    [anAnswer('', { 'x-request-id': 'x'.repeat(500) }), 'x'.repeat(100)],
    [anAnswer('', { 'x-request-id': '""' }), undefined],
    [anAnswer('{}'), undefined],
  ])('finds the request id %#', (answer, requestId) => {
    expect(readErrorBody(answer).requestId).toBe(requestId);
  });
});

describe('isHtml', () => {
  test.each([
    [anAnswer('x', { 'content-type': 'text/html; charset=utf-8' }), true],
    [anAnswer('\n<!DOCTYPE html><html>'), true],
    [anAnswer('<HTML>'), true],
    [anAnswer('{"a":"<html>"}', { 'content-type': 'application/json' }), false],
    [anAnswer('{}', { 'content-type': 'text/htmlx' }), false],
  ])('judges answer %#', (answer, expected) => {
    expect(isHtml(answer)).toBe(expected);
  });
});
