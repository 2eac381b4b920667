import type { Answer } from './answer.ts';

/** What is answered in place of the truth. */
export type FaultAnswer = {
  /** 0 cuts the connection. Not 501: to that, Prism makes up an answer of its own. */
  readonly status: number;
  /** A string goes out as it is, as text/html. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** For how many requests; one where it is left out. */
  readonly times?: number;
  /** `handled`: GitHub did what it was asked, and only the answer is wrong. `before`, where it is left out: it did not. */
  readonly after?: 'handled' | 'before';
};

export type Fault = {
  readonly method: string;
  readonly path: RegExp;
  readonly isHandled: boolean;
  readonly answer: (truth: Answer | null) => Answer;
  left: number;
};

export function faultOf(method: string, path: RegExp, fault: FaultAnswer): Fault {
  const { status, body = { message: 'A fault, as it was asked for.' }, headers, times = 1, after } = fault;
  if (status === 501) throw new Error('Prism would put an answer that it makes up in place of 501');
  return {
    method,
    path,
    isHandled: after === 'handled',
    answer: () => ({ status, body, ...(headers && { headers }) }),
    left: times,
  };
}

/** A fault that changes the body of the true answer. */
export function changeOf(method: string, path: RegExp, change: (body: never) => unknown): Fault {
  const changed = (truth: Answer | null): Answer => {
    if (truth === null) throw new Error('there is no answer to change');
    return { ...truth, body: change(truth.body as never) };
  };
  return { method, path, isHandled: true, answer: changed, left: 1 };
}

/** @param target path and query of the request. */
export function takeFault(faults: readonly Fault[], method: string, target: string): Fault | undefined {
  const found = faults.find((fault) => fault.left > 0 && fault.method === method && fault.path.test(target));
  if (found !== undefined) found.left -= 1;
  return found;
}
