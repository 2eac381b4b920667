/** What decides how many requests a plan needs. */
export type Shape = {
  /** Jobs in the workspace. */
  readonly jobs: number;
  /** Jobs that the configuration names. */
  readonly named: number;
  /** Destinations that it declares. */
  readonly destinations: number;
  /** Jobs that will change. */
  readonly changing: number;
};

const PAGE_SIZE = 100;
/** Identity, record, the list of destinations, how long the list of jobs is, and a look at whether it tells the truth. */
const FIXED = 8;
/** What the client sends at one time. */
const CONCURRENCY = 16;

/** The most requests that a plan may take. */
export function requestBudget({ jobs, named, destinations, changing }: Shape): number {
  return Math.min(pagesOf(jobs), named) + destinations + FIXED + changing;
}

/**
 * The seconds that no implementation can go below at this latency where rules choose the jobs: each page waits for the one
 * before, and everything else goes on meanwhile.
 */
export function secondsFloorByRule(jobs: number, latencyMs: number): number {
  return (pagesOf(jobs) * latencyMs) / 1000;
}

/**
 * The same where jobs are named: who we are, the record and the first page, or look-up, wait for one another, and so does
 * each further page; everything else goes in parallel.
 */
export function secondsFloor({ jobs, named, destinations, changing }: Shape, latencyMs: number): number {
  const isListed = pagesOf(jobs) <= named;
  const chain = 2 + (isListed ? pagesOf(jobs) : rounds(named));
  return ((chain + rounds(destinations + changing)) * latencyMs) / 1000;
}

function pagesOf(jobs: number): number {
  return Math.max(1, Math.ceil(jobs / PAGE_SIZE));
}

function rounds(requests: number): number {
  return Math.ceil(requests / CONCURRENCY);
}
