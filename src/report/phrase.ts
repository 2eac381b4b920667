import { codeSpan, glue, link, prose } from './escape.ts';
import { inert, inertName } from './inert.ts';
import { thousands } from './words.ts';

/**
 * A piece of a sentence: our own words, a name or value of somebody else's, a message that may quote such, or a name that
 * leads to a page.
 */
export type Part =
  | { readonly ours: string }
  | { readonly code: string }
  | { readonly prose: string }
  | { readonly label: string; readonly url: string };

/** A sentence that terminal and Markdown print each in its own safe way. */
export type Phrase = readonly Part[];

type Filler = string | number | Part | Phrase;

/** Template tag: what is filled in as a string is somebody else's and becomes code; numbers, parts and phrases stay what they are. */
export function say(words: TemplateStringsArray, ...fillers: readonly Filler[]): Phrase {
  return words.flatMap((ours, at) => {
    const filler = fillers[at];
    return [...(ours === '' ? [] : [{ ours }]), ...(filler === undefined ? [] : partsOf(filler))];
  });
}

export function ours(text: string): Part {
  return { ours: text };
}

export function message(text: string): Part {
  return { prose: text };
}

export function page(label: string, url: string): Part {
  return { label, url };
}

/** `a, b, c, and 4 more`. */
export function enumerate(items: readonly Phrase[], limit: number): Phrase {
  const shown = items.slice(0, limit).flatMap((item, at) => (at === 0 ? item : [ours(', '), ...item]));
  return items.length > limit ? [...shown, ours(`, and ${items.length - limit} more`)] : shown;
}

export function plain(phrase: Phrase): string {
  return phrase.map(plainPart).join('');
}

export function markdown(phrase: Phrase): string {
  return glue(phrase.map(markdownPart));
}

function partsOf(filler: Filler): Phrase {
  if (typeof filler === 'string') return [{ code: filler }];
  if (typeof filler === 'number') return [{ ours: thousands(filler) }];
  return 'length' in filler ? filler : [filler];
}

function plainPart(part: Part): string {
  if ('ours' in part) return part.ours;
  if ('label' in part) return `${inertName(part.label)} ${inert(part.url)}`;
  return 'code' in part ? inertName(part.code) : inert(part.prose);
}

function markdownPart(part: Part): string {
  if ('ours' in part) return part.ours;
  if ('label' in part) return link(part.label, part.url);
  return 'code' in part ? codeSpan(part.code) : prose(part.prose);
}
