import type { Behaviour } from './behaviour.ts';
import type { Faults } from './faults.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { Workspace } from './workspace.ts';

/** A request as it came, in the order of arrival. */
export type LoggedRequest = {
  /** When it came, in milliseconds since 1970. */
  readonly atMs: number;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: string;
  /** Lower-case names, `authorization` included. */
  readonly headers: Readonly<Record<string, string>>;
  /** 0 while, or because, no answer was sent. */
  readonly status: number;
  /** Null when the token is unknown. */
  readonly identity: string | null;
};

/** Everything that the server's routes and its owner share. */
export type World = {
  readonly workspace: Workspace;
  readonly faults: Faults;
  readonly limiter: RateLimiter;
  behaviour: Behaviour;
  readonly requests: LoggedRequest[];
  received: number;
  readonly sleep: (ms: number) => Promise<void>;
};
