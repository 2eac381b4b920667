import type { Json, JsonObject } from '../kinds/client.ts';
import { isObject, parseJson, wordOf } from './json.ts';
import type { Answer } from './wire.ts';

/** What a failed answer says, in whichever of the API's many shapes. */
export type ErrorBody = {
  readonly form: 'json' | 'html' | 'text' | 'empty';
  /** A number prints as its digits. */
  readonly errorCode: string | undefined;
  readonly message: string;
  readonly requestId: string | undefined;
  /** From `RetryInfo`. */
  readonly retryDelayMs: number | undefined;
};

/** Never throws: what cannot be understood becomes the message. */
export function readErrorBody(answer: Answer): ErrorBody {
  const text = answer.text.trim();
  const body = tryParse(text);
  const read = body === undefined ? readText(text, isHtml(answer)) : readJson(body);
  return { ...read, requestId: requestIdOf(answer, read) };
}

/** A page for people, where an API would answer with JSON. */
export function isHtml(answer: Answer): boolean {
  return (
    /^text\/html\b/i.test(answer.headers['content-type'] ?? '') || /^\s*<(!doctype|html)/i.test(answer.text)
  );
}

function tryParse(text: string): JsonObject | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const body = parseJson(text);
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** `{error_code, message, details}`, `{error}` of API 1.2, and SCIM's `{detail, scimType}`. */
function readJson(body: JsonObject): ErrorBody {
  const details = listOf(body['details']);
  return {
    form: 'json',
    errorCode: wordOf(body['error_code']) ?? wordOf(body['scimType']),
    message: wordOf(body['message']) ?? wordOf(body['error']) ?? wordOf(body['detail']) ?? '',
    requestId: wordOf(detail(details, 'RequestInfo')['request_id']),
    retryDelayMs: secondsOf(detail(details, 'RetryInfo')['retry_delay']),
  };
}

function readText(text: string, isPage: boolean): ErrorBody {
  const nothing = { requestId: undefined, retryDelayMs: undefined };
  if (text === '') return { ...nothing, form: 'empty', errorCode: undefined, message: '' };
  if (isPage)
    return { ...nothing, form: 'html', errorCode: undefined, message: pageText(text.slice(0, PAGE_START)) };
  const [, errorCode, message] = /^([A-Z][A-Z0-9_]{2,}): ([\s\S]*)$/.exec(text) ?? [];
  return { ...nothing, form: 'text', errorCode, message: message ?? text };
}

/** Enough of a page to find its reason. */
const PAGE_START = 20_000;

/** Gateways put the reason into `<pre>`, others at best into the title. */
function pageText(page: string): string {
  const part =
    /<pre[^>]*>([\s\S]*?)<\/pre>/i.exec(page)?.[1] ?? /<title[^>]*>([\s\S]*?)<\/title>/i.exec(page)?.[1];
  return (part ?? 'a web page')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .trim();
}

function requestIdOf(answer: Answer, read: ErrorBody): string | undefined {
  const id =
    read.requestId ??
    answer.headers['x-request-id'] ??
    answer.headers['x-databricks-request-id'] ??
    /\[ReqId: ([^\]]+)\]/.exec(read.message)?.[1];
  return id?.replace(/[^\w.:/=+-]/g, '').slice(0, 100) || undefined;
}

function detail(details: readonly Json[], type: string): JsonObject {
  return details.filter(isObject).find((entry) => wordOf(entry['@type'])?.endsWith(`.${type}`)) ?? {};
}

function secondsOf(delay: Json | undefined): number | undefined {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(wordOf(delay) ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
