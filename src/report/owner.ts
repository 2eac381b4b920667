import type { ChangeDocument, OwnerDocument } from '../core/document.ts';
import { codeSpan, link } from './escape.ts';
import { type Phrase, markdown, message, ours, say } from './phrase.ts';

/** Whose bundle deploys it: `github.com/acme/etl, branch main, commit 1a2b3c4, resources/etl.yml`. */
export function ownerPhrase({ repository, ...told }: OwnerDocument): Phrase {
  return joined([
    repository === null ? say`a repository that is not told` : say`${repository}`,
    ...placeOf(told),
  ]);
}

/** The same with a link to the file, or to the repository. */
export function ownerMarkdown({ repository, url, ...told }: OwnerDocument): string {
  const name = repository ?? 'a repository that is not told';
  const first = repository === null ? name : url === null ? codeSpan(name) : link(name, url);
  return [first, ...placeOf(told).map(markdown)].join(', ');
}

/** Whose it is, or why that is not known, to follow another sentence. */
export function ownerSentence(owner: OwnerDocument): Phrase {
  return owner.why === null
    ? say`Deployed from ${ownerPhrase(owner)}`
    : say`From where is not known: ${message(owner.why)}`;
}

type Told = Pick<OwnerDocument, 'branch' | 'commit' | 'file'>;

const SHORT_COMMIT = 7;

function placeOf({ branch, commit, file }: Told): readonly Phrase[] {
  return [
    ...(branch === null ? [] : [say`branch ${branch}`]),
    ...(commit === null ? [] : [say`commit ${commit.slice(0, SHORT_COMMIT)}`]),
    ...(file === null ? [] : [say`${file}`]),
  ];
}

function joined(phrases: readonly Phrase[]): Phrase {
  return phrases.flatMap((phrase, at) => (at === 0 ? phrase : [ours(', '), ...phrase]));
}

/** Equal for blocked changes that are to be made in the same file, or where nobody knows for the same reason. */
export function ownerLikeness({ blocked }: ChangeDocument): string {
  const { owner, ...obstacle } = blocked ?? {};
  return JSON.stringify([obstacle, { ...owner, key: null, snippet: null }]);
}

/** One piece of YAML for all of them: what stands under the same `resources.jobs` comes together. */
export function snippetLines(changes: readonly ChangeDocument[]): readonly string[] {
  const bodies = new Map<string, string[]>();
  for (const { blocked } of changes) {
    const [top, section, ...body] = (blocked?.owner?.snippet ?? '').trimEnd().split('\n');
    if (top === undefined || section === undefined) continue;
    const head = `${top}\n${section}`;
    bodies.set(head, [...(bodies.get(head) ?? []), ...body]);
  }
  return [...bodies].flatMap(([head, body]) => [...head.split('\n'), ...body]);
}
