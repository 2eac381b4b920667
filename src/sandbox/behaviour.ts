/** How faithful or unkind the simulated workspace is; the defaults answer at once and consistently. */
export type Behaviour = {
  /** Milliseconds that every answer takes. */
  readonly latencyMs: number;
  /** A new destination or registry webhook is missing from that many following lists of its API. */
  readonly listLag: number;
  /** After a write, that many reads of the object still answer the old value; a registry webhook is read by lists. */
  readonly staleReads: number;
  /** What a PATCH does to the secrets that it leaves out of a destination's `config` or a webhook's specification. */
  readonly omittedSecrets: 'cleared' | 'kept';
  readonly uniqueDestinationNames: boolean;
  /** Top-level settings keys that jobs/list leaves out. */
  readonly listOmits: readonly string[];
  /** Whether the list of destinations carries `config` for admins. */
  readonly listsDestinationConfig: boolean;
  /** Who besides admins may ask who may do what with a job or a pipeline: those who manage it, or all who see it. */
  readonly permissionsShown: 'managers' | 'viewers';
  readonly rateLimits: RateLimits | null;
};

export type RateClass = 'list' | 'get' | 'update' | 'registry';

/** Requests per second on jobs/list, jobs/get, jobs/update and all of the model registry. */
export type RateLimits = Readonly<Partial<Record<RateClass, number>>> & {
  /** Whether a 429 carries Retry-After; default true. */
  readonly retryAfter?: boolean;
  /** What a 429 is called; default `REQUEST_LIMIT_EXCEEDED`. */
  readonly errorCode?: 'REQUEST_LIMIT_EXCEEDED' | 'RESOURCE_EXHAUSTED';
  /** The part of each limit that other clients take, from 0 to 1; default 0. */
  readonly othersShare?: number;
  /** They take it in the first half of each such period, and nothing in the second; default all the time. */
  readonly othersPeriodMs?: number;
};

export const DEFAULT_BEHAVIOUR: Behaviour = {
  latencyMs: 0,
  listLag: 0,
  staleReads: 0,
  omittedSecrets: 'cleared',
  uniqueDestinationNames: false,
  listOmits: [],
  listsDestinationConfig: false,
  permissionsShown: 'managers',
  rateLimits: null,
};
