import type { Verb } from '../core/change.ts';

type VerbWords = {
  readonly sign: '+' | '~' | '-' | '±' | '!' | '·';
  readonly heading: string;
  readonly count: string;
};

/** How each verb is written, in the order in which a plan is read. */
export const VERB_WORDS: Readonly<Record<Verb, VerbWords>> = {
  create: { sign: '+', heading: 'Create', count: 'to create' },
  replace: { sign: '±', heading: 'Replace', count: 'to replace' },
  delete: { sign: '-', heading: 'Delete', count: 'to delete' },
  adopt: { sign: '~', heading: 'Adopt', count: 'to adopt' },
  update: { sign: '~', heading: 'Update', count: 'to update' },
  rotate: { sign: '~', heading: 'Rotate', count: 'to rotate' },
  detach: { sign: '~', heading: 'Detach', count: 'to detach' },
  blocked: { sign: '!', heading: 'Blocked', count: 'blocked' },
  noop: { sign: '·', heading: 'Notes', count: 'unchanged' },
};

export const VERB_ORDER: readonly Verb[] = [
  'create',
  'replace',
  'delete',
  'adopt',
  'update',
  'rotate',
  'detach',
  'blocked',
  'noop',
];

/** What a verb means where its name alone could be misread. */
export const VERB_MEANING: Readonly<Partial<Record<Verb, string>>> = {
  replace: 'the new one is made and wired in first, then the old one is deleted',
  adopt: 'exists already, and is managed from now on',
  rotate: 'same secret reference, new value',
  detach: 'stays as it is, and is no longer managed',
  blocked: 'nothing is written to these',
};

/** `1,200`; by hand, as what is built in takes 15 ms to load its tables. */
export function thousands(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 job`, `1,200 jobs`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${thousands(count)} ${count === 1 ? one : many}`;
}

/** Other words for the headings of verbs, where a page is not about what would be done. */
export type Headings = Readonly<Partial<Record<Verb, string>>>;

export function headingOf(verb: Verb, headings: Headings = {}): string {
  return headings[verb] ?? VERB_WORDS[verb].heading;
}
