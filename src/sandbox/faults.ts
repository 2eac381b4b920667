import type { Json } from './json.ts';

/**
 * A failure on demand. `status`: answers before the route runs; `status-after`: the route runs and its answer is
 * replaced; `drop`, `drop-after`: the connection is cut before or after the route runs; `hang`: no answer until the
 * sandbox closes; `html`: 200 with a login page.
 */
export type Fault = FaultMatch & {
  readonly kind: 'status' | 'status-after' | 'drop' | 'drop-after' | 'hang' | 'html';
  /** Default 503. */
  readonly status?: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
};

type FaultMatch = {
  readonly method?: string;
  /** A glob in which `*` stands for anything, slashes included; with a `?` it is compared with the query too. */
  readonly path?: string;
  /** So many matching requests pass first; default 0. */
  readonly skip?: number;
  /** So many matching requests fail; default 1, Infinity for all. */
  readonly times?: number;
};

type Armed = { readonly fault: Fault; skip: number; times: number };

/** The faults that are still to come. */
export class Faults {
  #armed: readonly Armed[] = [];

  add(fault: Fault): void {
    this.#armed = [...this.#armed, { fault, skip: fault.skip ?? 0, times: fault.times ?? 1 }];
  }

  clear(): void {
    this.#armed = [];
  }

  /** The first fault that this request meets, counted down. */
  take(method: string, target: string): Fault | undefined {
    for (const armed of this.#armed) {
      if (armed.times <= 0 || !isMatch(armed.fault, method, target)) continue;
      if (armed.skip === 0) {
        armed.times -= 1;
        return armed.fault;
      }
      armed.skip -= 1;
    }
    return undefined;
  }
}

function isMatch(match: FaultMatch, method: string, target: string): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (match.path === undefined) return true;
  const subject = match.path.includes('?') ? target : (target.split('?')[0] ?? target);
  return globPattern(match.path).test(subject);
}

function globPattern(glob: string): RegExp {
  const source = glob.split('*').map((text) => text.replaceAll(/[$()+.?[\\\]^{|}]/g, String.raw`\$&`));
  return new RegExp(`^${source.join('.*')}$`);
}
