import type { Comment, GitHubApi } from '../../host/github/api.ts';
import { GitHubError } from '../../host/github/error.ts';
import { type Marker, OUTDATED, readMarker } from '../../report/marker.ts';

export type Ours = Comment & { readonly marker: Marker };

/** By us, about that configuration, oldest first. Whoever else writes the same marker is somebody else. */
export async function ourComments(github: GitHubApi, pull: number, config: string): Promise<readonly Ours[]> {
  const me = await github.whoAmI().catch(() => ACTIONS_BOT);
  return (await github.listComments(pull)).flatMap((comment) => {
    const marker = comment.author === me ? readMarker(comment.body) : null;
    return marker?.config === config ? [{ ...comment, marker }] : [];
  });
}

/** The author of what the runner's own token writes. */
export const ACTIONS_BOT = 'github-actions[bot]';

/** Folded away, never deleted: links to them go on working. */
export async function outdate(github: GitHubApi, comments: readonly Comment[]): Promise<void> {
  for (const { id, nodeId, body } of comments) {
    const rest = body.split(/\r?\n/u).slice(1);
    await github.updateComment(id, [OUTDATED, ...rest].join('\n'));
    await github.minimise(nodeId);
  }
}

/** GitHub takes no text of this length. `cause` is what it said. */
export class TooLong extends Error {}

export async function unlessTooLong<Answer>(send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    const isTooLong = error instanceof GitHubError && error.isRefusedText;
    throw isTooLong ? new TooLong('too long', { cause: error }) : error;
  }
}
