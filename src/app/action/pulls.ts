import type { Pull } from '../../host/github/api.ts';
import type { Stage } from './stage.ts';

/**
 * The pull requests that a push brought in: those of its last commit, and of the others, as a merge queue lands several at
 * once. Only merged ones, and only into the branch that was pushed.
 */
export async function mergedPulls(stage: Stage): Promise<readonly Pull[]> {
  const { event } = stage;
  const { pullsOf } = await stage.github();
  const newestFirst = [...(event.push?.commits ?? [])].reverse();
  const commits = [...new Set([event.pull?.mergeSha ?? event.sha, ...newestFirst])];
  const found = new Map<number, Pull>();
  for (const sha of commits.slice(0, MOST_COMMITS)) {
    for (const pull of await pullsOf(sha)) {
      if (pull.isMerged && isInto(stage, pull)) found.set(pull.number, pull);
    }
  }
  return [...found.values()].sort((a, b) => a.number - b.number);
}

/** A request each. A push of more commits than this is no merge of a reviewed pull request or queue. */
const MOST_COMMITS = 30;

function isInto({ event: { push, pull } }: Stage, { baseBranch, number }: Pull): boolean {
  if (pull !== null) return number === pull.number;
  return push === null || push.branch === baseBranch;
}
