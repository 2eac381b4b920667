import { afterEach } from '@jest/globals';
import {
  integerText,
  isObject,
  type Json,
  type JsonObject,
  parseJson,
  printJson,
  textAt,
} from '../../src/sandbox/json.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';

export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `{}` when the answer is no JSON object. */
  readonly body: JsonObject;
};

export type Client = Sandbox & {
  readonly send: (
    method: string,
    path: string,
    body?: Json | Buffer,
    token?: string | null,
  ) => Promise<Reply>;
  readonly get: (path: string, token?: string | null) => Promise<Reply>;
  readonly post: (path: string, body: Json | Buffer, token?: string) => Promise<Reply>;
};

/** A sandbox that is closed after the test, with a client for it. */
export async function open(options: SandboxOptions = {}): Promise<Client> {
  const sandbox = await startSandbox(options);
  opened.push(sandbox);
  const send: Client['send'] = async (method, path, body, token = 'sandbox-token') => {
    const response = await fetch(sandbox.url + path, {
      method,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? new Uint8Array(body) : printJson(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: objectFrom(text) };
  };
  return {
    ...sandbox,
    send,
    get: (path, token) => send('GET', path, undefined, token),
    post: (path, body, token) => send('POST', path, body, token),
  };
}

/** Status and error code of an answer. */
export function refusal(reply: Reply): readonly [number, Json | undefined] {
  return [reply.status, reply.body['error_code']];
}

/** A text or an id of an answer's body; empty when it has none. */
export function field(reply: Reply, key: string): string {
  return textAt(reply.body, key) ?? integerText(reply.body[key]) ?? '';
}

const opened: Sandbox[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
});

function objectFrom(text: string): JsonObject {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
