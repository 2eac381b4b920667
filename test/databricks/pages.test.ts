import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Peek } from '../../src/databricks/deliver.ts';
import { followPages } from '../../src/databricks/pages.ts';
import type { ApiRequest, ApiResponse, JsonObject } from '../../src/kinds/client.ts';

/** So many rounds of the event loop: an answer takes some. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate();
}

type Answer = { readonly text: string; readonly body?: JsonObject };

/** A list read ahead, answered by token; says in which order pages are asked for, read and given to who reads them. */
function listOf(answers: Readonly<Record<string, Answer>>) {
  const told: string[] = [];
  const send = async ({ query = {} }: ApiRequest, peek?: Peek): Promise<ApiResponse> => {
    const token = String(query['page_token'] ?? 'first');
    told.push(`ask ${token}`);
    await turns(5);
    const { text, body } = answers[token] ?? { text: '{}' };
    await peek?.(text);
    told.push(`read ${token}`);
    return { status: 200, headers: {}, body: body ?? (JSON.parse(text) as JsonObject) };
  };
  return { told, pages: followPages(send, '/api/2.2/jobs/list', { isAhead: true }) };
}

const page = (next?: string, more: JsonObject = {}): Answer => ({
  text: JSON.stringify({ jobs: [], ...more, ...(next === undefined ? {} : { next_page_token: next }) }),
});

async function readAll(pages: AsyncIterable<JsonObject>): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = [];
  for await (const one of pages) all.push(one);
  return all;
}

describe('a list that is read ahead', () => {
  test('asks for the next page before it reads the one at hand', async () => {
    const { told, pages } = listOf({ first: page('b+/='), 'b+/=': page('c'), c: page() });
    await readAll(pages);
    expect(told).toEqual(['ask first', 'ask b+/=', 'read first', 'ask c', 'read b+/=', 'read c']);
  });

  test('finds the token before the one of the page before, too', async () => {
    const last: Answer = { text: '{"jobs":[],"has_more":true,"next_page_token":"b","prev_page_token":""}\n' };
    const { told, pages } = listOf({ first: last, b: page() });
    await readAll(pages);
    expect(told.slice(0, 3)).toEqual(['ask first', 'ask b', 'read first']);
  });

  test('has no more than one page before what is worked on', async () => {
    const { told, pages } = listOf({ first: page('b'), b: page('c'), c: page('d'), d: page() });
    for await (const one of pages) {
      expect(one['next_page_token']).toBe('b');
      await turns(20);
      break;
    }
    expect(told).toEqual(['ask first', 'ask b', 'read first', 'read b']);
  });

  test.each<[string, string]>([
    ['in an object inside', '{"next_page_token":"real","job":{"next_page_token":"fake"}}'],
    ['in a text', '{"next_page_token":"real","name":"\\"next_page_token\\":\\"fake\\"}"}'],
    ['in a text at the end', '{"next_page_token":"real","name":"\\"next_page_token\\":\\"fake"}'],
    ['with other members after it', '{"next_page_token":"real","has_more":true}'],
    ['with characters that are written otherwise', '{"next_page_token":"re\\u0061l"}'],
  ])('does not guess at a token %s', async (_where, text) => {
    const { told, pages } = listOf({ first: { text }, real: page() });
    await readAll(pages);
    expect(told).toEqual(['ask first', 'read first', 'ask real', 'read real']);
  });

  test('follows what a page says, whatever its end was taken for', async () => {
    const odd: Answer = { text: '{"next_page_token":"fake"}', body: { jobs: [1], next_page_token: 'real' } };
    const { told, pages } = listOf({ first: odd, real: page(undefined, { jobs: [2] }) });
    expect(await readAll(pages)).toMatchObject([{ jobs: [1] }, { jobs: [2] }]);
    expect(told).toContain('ask real');
  });

  test('asks for no page again whose token comes a second time', async () => {
    const { told, pages } = listOf({ first: page('b'), b: page('c'), c: page('b') });
    await expect(readAll(pages)).rejects.toThrow('the same page token twice');
    expect(told.filter((one) => one.startsWith('ask'))).toEqual(['ask first', 'ask b', 'ask c']);
  });
});
