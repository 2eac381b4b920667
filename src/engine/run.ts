import type { FieldChange, Pending } from '../core/change.ts';
import type { Directory } from '../core/directory.ts';
import type { OutcomeState } from '../core/document.ts';
import {
  AuthError,
  InternalError,
  LostAnswerError,
  RecordError,
  RefusedError,
  ToolError,
  UnavailableError,
} from '../core/errors.ts';
import type { PlanContext } from '../core/plan-parts.ts';
import type { Fingerprint, RecordedObject } from '../core/record.ts';
import type { Secret } from '../core/secret.ts';
import { type Address, kindOf } from '../core/value.ts';
import type { Port } from './live-input.ts';
import type { Recorder } from './recorder.ts';

export type Outcome = {
  readonly change: Pending;
  readonly state: OutcomeState;
  readonly wrote: boolean;
  readonly message: string | null;
  readonly hint: string | null;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly error?: unknown;
};

/** What an interrupted run was about to write, by address. */
export type Begun = ReadonlyMap<Address, readonly FieldChange[]>;

export type Ports = {
  readonly portOf: (kind: string) => Port;
  readonly context: PlanContext;
  readonly recorder: Recorder;
  /** What is kept of an object once it was written; null where it is forgotten. */
  readonly remember: (address: Address, written: RecordedObject) => RecordedObject | null;
  readonly begun: Begun;
  readonly fingerprint: (secret: Secret) => Promise<Fingerprint>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly isInterrupted: () => boolean;
  readonly progress: (done: number, total: number) => void;
  /** Names this run in intents and locks. */
  readonly run: string;
  /** `settings.test_webhooks`: what was made or changed is tried out, where its kind can. */
  readonly isProbing: boolean;
};

/** One apply while it runs: what has an id by now, and what became of each change. */
export class Run {
  readonly ports: Ports;
  readonly total: number;
  readonly outcomes = new Map<Address, Outcome>();
  readonly #bindings = new Map<Address, string>();
  #stopped: string | null = null;

  constructor(ports: Ports, total: number) {
    this.ports = ports;
    this.total = total;
  }

  bind(address: Address, id: string): void {
    this.#bindings.set(address, id);
  }

  /** The plan's directory with what this run has made since. */
  get directory(): Directory {
    const planned = this.ports.context.directory;
    const made = new Map([...this.#bindings].map(([address, id]) => [`${kindOf(address)}/${id}`, address]));
    return {
      ...planned,
      idOf: (address) => this.#bindings.get(address) ?? planned.idOf(address),
      addressOf: (kind, id) => made.get(`${kind}/${id}`) ?? planned.addressOf(kind, id),
      exists: (kind, id) => (made.has(`${kind}/${id}`) ? true : planned.exists(kind, id)),
    };
  }

  /** Why nothing more may be started, or null. */
  get stopped(): string | null {
    return this.ports.isInterrupted() ? 'the run was interrupted' : this.#stopped;
  }

  /** Runs one step of one change, and turns whatever goes wrong into its outcome. */
  async step(change: Pending, work: (trail: Trail) => Promise<Ending>): Promise<void> {
    const ending = this.stopped === null ? await this.#attempt(work) : skipped(this.stopped);
    const earlier = this.outcomes.get(change.address);
    const wrote = (earlier?.wrote ?? false) || ending.wrote;
    this.outcomes.set(change.address, { hint: null, message: null, ...ending, change, wrote });
    this.ports.progress(this.outcomes.size, this.total);
  }

  async #attempt(work: (trail: Trail) => Promise<Ending>): Promise<Ending> {
    const trail = new Trail();
    try {
      return await work(trail);
    } catch (error) {
      // Credentials and the record concern every change: going on would fail, or forget, each of them.
      const isFatal =
        error instanceof AuthError || error instanceof RecordError || error instanceof RefusedError;
      if (isFatal) this.#stopped = `the run stopped: ${error.message}`;
      return failed(error, trail.wrote);
    }
  }
}

export type Ending = Omit<Outcome, 'change' | 'message' | 'hint'> &
  Partial<Pick<Outcome, 'message' | 'hint'>>;

export function done(): Ending {
  return { state: 'done', wrote: true };
}

export function skipped(message: string): Ending {
  return { state: 'skipped', wrote: false, message };
}

export function changedMeanwhile(message: string): Ending {
  return { state: 'changed-meanwhile', wrote: false, message, hint: 'plan again: it needs a new approval' };
}

/** Follows one step's writes, so that a failure after one does not look as if nothing had been written. */
export class Trail {
  #state: 'nothing' | 'sending' | 'written' = 'nothing';

  /** Sends one write request. */
  async write<Result>(send: () => Promise<Result>): Promise<Result> {
    const before = this.#state;
    this.#state = 'sending';
    try {
      const result = await send();
      this.#state = 'written';
      return result;
    } catch (error) {
      // Without a certain answer it may have been carried out.
      const isUncertain = error instanceof UnavailableError || error instanceof LostAnswerError;
      this.#state = isUncertain ? 'written' : before;
      throw error;
    }
  }

  get wrote(): boolean {
    return this.#state === 'written';
  }
}

function failed(error: unknown, wrote: boolean): Ending {
  const known = error instanceof ToolError ? error : new InternalError(String(error), { cause: error });
  return { state: 'failed', wrote, message: known.message, hint: known.hint ?? null, error: known };
}

/** Whether a change that others depend on has come to hold. */
export function holds(outcome: Outcome | undefined): boolean {
  return outcome?.state === 'done' || outcome?.state === 'already';
}
