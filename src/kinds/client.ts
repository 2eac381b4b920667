import { LosslessNumber } from 'lossless-json';

/** What came over the wire, numbers above 2^53 included: those are kept as `LosslessNumber` and print exactly. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject | ExactNumber;
export type JsonObject = { readonly [key: string]: Json };
/** A number that a double cannot hold (lossless-json's LosslessNumber fits this shape); `String(n)` is exact. */
export type ExactNumber = { readonly isLosslessNumber: boolean; toString(): string };

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export type ApiRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Starts with `/api/`; path parameters are already encoded. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: Json;
  /** Sent as they are instead of `body`, for workspace files. */
  readonly bytes?: string;
  /**
   * `repeat`: safe to send again (reads, whole replacements, deletes). `create`: a second one would make a twin, so
   * it is sent again only when the first surely did not arrive; otherwise LostAnswerError is thrown.
   */
  readonly delivery: 'repeat' | 'create';
  /** `json` (default) or `text`: give the body back as it came, for workspace files. */
  readonly answer?: 'json' | 'text';
  /** A longer answer is not read to its end: it is an ApiError with the code `too-large`. */
  readonly maxBytes?: number;
};

export type ApiResponse = {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed; `null` for an empty body; a string where `answer: 'text'` was asked. */
  readonly body: Json;
};

export type Paging = { readonly isAhead?: boolean; readonly isBegun?: boolean };

/** The only door to a workspace. Every failure leaves it as an error of core/errors. */
export interface ApiClient {
  send(request: ApiRequest): Promise<ApiResponse>;
  /**
   * Follows `next_page_token`, one page at a time, and yields each page's whole body. `isAhead` asks for the next page while
   * one is worked on: for lists that are read to their end. `isBegun` begins at once, and reads a few pages before anybody
   * takes the first.
   * @throws UnavailableError when the server repeats a token (an endless list).
   */
  pages(path: string, query?: Query, how?: Paging): AsyncIterable<JsonObject>;
}

/** An object, or an empty one where the API left it out. */
export function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value)
    ? (value as JsonObject)
    : {};
}

/** A list, or an empty one where the API left it out. */
export function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** Ids and names as text, exactly; empty where the API left them out. */
export function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object' && !isExactNumber(value)) return '';
  return String(value);
}

/** An int64 id as the JSON number that it is, without passing through a double. */
export function exactNumber(digits: string): Json {
  return new LosslessNumber(digits);
}

function isExactNumber(value: Json): value is ExactNumber {
  return typeof value === 'object' && value !== null && 'isLosslessNumber' in value;
}
