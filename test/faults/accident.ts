import type { Fault } from '../../src/sandbox/faults.ts';
import type { Bench } from './bench.ts';
import { startProcess } from './process.ts';

/** Something that befalls one request of a command. */
export type Accident = {
  readonly what: string;
  /** Runs the command, of which the request with that number meets the accident. */
  readonly run: (bench: Bench, at: number, argv: readonly string[]) => Promise<Aftermath>;
};

export type Aftermath = {
  readonly said: string;
  /** False where the command had no such request. */
  readonly isMet: boolean;
};

/** Short, but a slow machine must be able to answer in it. */
const TIMEOUT_SECONDS = '0.5';
const STORM = 40;
/** More than the client's patience. */
const LONG_STORM = 65;
const RETRY_AFTER = { headers: { 'retry-after': '7' } };

/** The process lives on: it retries, gives up, reports. */
export const MISHAPS: readonly Accident[] = [
  faulty('answered 500', { kind: 'status', status: 500 }),
  faulty('a storm of 429 with Retry-After', { kind: 'status', status: 429, times: STORM, ...RETRY_AFTER }),
  faulty('a storm of 429 without', { kind: 'status', status: 429, times: STORM }),
  faulty('429 until we give up', { kind: 'status', status: 429, times: LONG_STORM }),
  faulty('dropped before it acts', { kind: 'drop' }),
  faulty('dropped after it acted', { kind: 'drop-after' }),
  faulty('answered 500 after it acted', { kind: 'status-after', status: 500 }),
  { what: 'silence before it acts', run: (...call) => impatient({ kind: 'hang' }, ...call) },
  { what: 'silence after it acted', run: silentAfter },
  faulty('refused with 400', { kind: 'status', status: 400 }),
  faulty('forbidden', { kind: 'status', status: 403 }),
];

/** Nothing gets through any more, the release of the lock included: cheap, and close to what a killed process leaves. */
export const DEATHS: readonly Accident[] = [
  faulty('the network is gone before it acts', { kind: 'drop', times: Infinity }),
  faulty('the network is gone after it acted', { kind: 'drop-after' }, { kind: 'drop', times: Infinity }),
];

/** Real processes. */
export const KILLS: readonly Accident[] = [
  { what: 'SIGKILL before it acts', run: (...call) => killed('before', ...call) },
  { what: 'SIGKILL after it acted', run: (...call) => killed('after', ...call) },
];

function faulty(what: string, ...faults: readonly Fault[]): Accident {
  return {
    what,
    run: async ({ sandbox, lakebell }, at, argv) => {
      for (const fault of faults) sandbox.fault({ ...fault, skip: at });
      const { code, err, out } = await lakebell(...argv);
      const said = `ended with ${code}: ${err}${code === 0 ? '' : out.slice(-400)}`;
      return { said, isMet: sandbox.requests.length > at };
    },
  };
}

async function impatient(
  fault: Fault,
  bench: Bench,
  at: number,
  argv: readonly string[],
): Promise<Aftermath> {
  bench.env['DATABRICKS_HTTP_TIMEOUT_SECONDS'] = TIMEOUT_SECONDS;
  const ran = await faulty('', fault).run(bench, at, argv);
  delete bench.env['DATABRICKS_HTTP_TIMEOUT_SECONDS'];
  return ran;
}

/** Somebody else's identical request acts in its place, and it is left without an answer itself. */
async function silentAfter(bench: Bench, at: number, argv: readonly string[]): Promise<Aftermath> {
  const { sandbox } = bench;
  bench.onRequest = async (current) => {
    const request = sandbox.requests[current];
    if (current !== at || request === undefined) return;
    const { method, path, body, headers } = request;
    const { authorization = '', 'content-type': type = '' } = headers;
    const init = { method, headers: { authorization, 'content-type': type } };
    await (await fetch(sandbox.url + path, body === '' ? init : { ...init, body })).arrayBuffer();
    sandbox.fault({ kind: 'hang', method, path });
  };
  const ran = await impatient({ kind: 'hang', path: '/never' }, bench, at, argv);
  bench.onRequest = () => undefined;
  return ran;
}

async function killed(
  when: 'before' | 'after',
  bench: Bench,
  at: number,
  argv: readonly string[],
): Promise<Aftermath> {
  const { sandbox } = bench;
  sandbox.resetRequests();
  const { child, ended } = startProcess(bench, argv);
  bench.onRequest = async (current) => {
    if (current !== at) return;
    child.kill('SIGKILL');
    await ended;
    const { method = '', path = '' } = sandbox.requests[current] ?? {};
    if (when === 'before') sandbox.fault({ kind: 'drop', method, path });
  };
  const { code, signal } = await ended;
  // What it had sent by then is still acted on.
  await new Promise((resume) => setImmediate(resume));
  bench.onRequest = () => undefined;
  return { said: `ended with ${code ?? signal}`, isMet: signal === 'SIGKILL' };
}
