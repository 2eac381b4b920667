/** How faithful or unkind the simulated workspace is; the defaults answer at once and consistently. */
export type Behaviour = {
  /** Milliseconds that every answer takes. */
  readonly latencyMs: number;
  /** A new destination is missing from that many following list calls. */
  readonly listLag: number;
  /** After a write, that many reads of the object still answer the old value. */
  readonly staleReads: number;
  /** What a PATCH of a destination's `config` does to the optional secrets that it leaves out. */
  readonly omittedSecrets: 'cleared' | 'kept';
  readonly uniqueDestinationNames: boolean;
  /** Top-level settings keys that jobs/list leaves out. */
  readonly listOmits: readonly string[];
  /** Whether the list of destinations carries `config` for admins. */
  readonly listsDestinationConfig: boolean;
  readonly rateLimits: RateLimits | null;
};

export type RateClass = 'list' | 'get' | 'update';

/** Requests per second on jobs/list, jobs/get and jobs/update. */
export type RateLimits = Readonly<Partial<Record<RateClass, number>>> & {
  /** Whether a 429 carries Retry-After; default true. */
  readonly retryAfter?: boolean;
};

export const DEFAULT_BEHAVIOUR: Behaviour = {
  latencyMs: 0,
  listLag: 0,
  staleReads: 0,
  omittedSecrets: 'cleared',
  uniqueDestinationNames: false,
  listOmits: [],
  listsDestinationConfig: false,
  rateLimits: null,
};
