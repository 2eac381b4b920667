import { type Answer, notFound, Refusal } from './answer.ts';
import type { Place } from './bodies.ts';
import { commitOf, type Identity, type Issue, type Repository, type World } from './state.ts';

/** One request to the REST API that is signed, routed and allowed. */
export type Call = Place & {
  readonly world: World;
  readonly identity: Identity;
  readonly params: Readonly<Record<string, string>>;
  /** As the client sees it. */
  readonly url: URL;
  readonly body: Readonly<Record<string, unknown>>;
};

export function ok(body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, headers, body };
}

export function issueOf(call: Call): Issue {
  const issue = call.repository.issues.get(Number(call.params['number']));
  if (issue === undefined) throw notFound();
  return issue;
}

export function knownCommit(repository: Repository, ref: string): string {
  const sha = commitOf(repository, ref);
  if (sha === undefined) throw new Refusal(422, { message: `No commit found for SHA: ${ref}` });
  return sha;
}

export function textOf(call: Call, member: string): string | undefined {
  const value = call.body[member];
  return typeof value === 'string' ? value : undefined;
}

/** GitHub counts characters, not what JavaScript keeps them in. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}
