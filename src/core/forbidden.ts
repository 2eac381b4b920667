import { type Directory, liveNameOf } from './directory.ts';
import { matchesGlob } from './glob.ts';
import { IdRef, type Item, Ref } from './value.ts';

/** Whether a pattern of a `forbid` rule speaks of a recipient: an e-mail address in either case, a destination by key or name. */
export function isForbidden(item: Item, patterns: readonly string[], directory: Directory): boolean {
  const [mails, names] = [patterns.filter(isOfMail), patterns.filter((pattern) => !isOfMail(pattern))];
  if (typeof item === 'string') {
    const address = item.toLowerCase();
    return mails.some((pattern) => matchesGlob(pattern.toLowerCase(), address));
  }
  const called = namesOf(item, directory);
  return names.some((pattern) => called.some((name) => matchesGlob(pattern, name)));
}

function isOfMail(pattern: string): boolean {
  return pattern.includes('@');
}

function namesOf(item: Item, directory: Directory): readonly string[] {
  if (!(item instanceof Ref || item instanceof IdRef)) return [];
  const name = liveNameOf(item, directory);
  return [...(item instanceof Ref ? [String(item)] : []), ...(name === undefined ? [] : [name])];
}
