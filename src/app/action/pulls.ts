import type { Pull } from '../../host/github/api.ts';
import { say } from '../../report/phrase.ts';
import type { Stage } from './stage.ts';

/**
 * The pull requests that a push brought in: those of its last commit, and of the others, as a merge queue lands several at
 * once. Only merged ones, and only into the branch that is applied.
 */
export async function mergedPulls(stage: Stage): Promise<readonly Pull[]> {
  const { event } = stage;
  const { pullsOf } = await stage.github();
  const newestFirst = [...(event.push?.commits ?? [])].reverse();
  const commits = [...new Set([event.pull?.mergeSha ?? event.sha, ...newestFirst])];
  const found = new Map<number, Pull>();
  if (commits.length > MOST_COMMITS) warnOfRest(stage, commits.length);
  for (const sha of commits.slice(0, MOST_COMMITS)) {
    for (const pull of await pullsOf(sha)) {
      if (pull.isMerged && isInto(stage, pull)) found.set(pull.number, pull);
    }
  }
  return [...found.values()].sort((a, b) => a.number - b.number);
}

/** A request each. The last commit of a merge tells all that one pull request brought; a queue lands several in one push. */
const MOST_COMMITS = 100;

function warnOfRest({ notices }: Stage, count: number): void {
  notices.warn(
    say`the push brought ${count} commits, and only the newest ${MOST_COMMITS} were asked for their pull requests: what others approved counts as not approved`,
  );
}

/** A branch that nobody protects has pull requests, too, and its commits may come here in other ways. */
function isInto({ event: { branch, pull } }: Stage, { baseBranch, number }: Pull): boolean {
  return pull === null ? branch === baseBranch : number === pull.number;
}
