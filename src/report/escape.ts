import { inert, inertName } from './inert.ts';

/**
 * Foreign text as Markdown code, in which GitHub makes nothing of mentions, references, links, images, tags and emphasis.
 * Not for cells of a table: a pipe ends the cell even in code.
 */
export function codeSpan(text: string): string {
  return code(text === '' ? '(empty)' : inertName(text));
}

/** Foreign text for a `<summary>` line, where Markdown is not read and HTML is. */
export function summaryCode(text: string): string {
  return `<code>${inertName(text === '' ? '(empty)' : text).replaceAll(/[&<>"']/gu, entity)}</code>`;
}

/**
 * A sentence that may quote foreign text, as Markdown. Plain words stay; every word that Markdown or GitHub could make
 * something of becomes code. What stands between two backticks becomes code too, whoever put them there.
 */
export function prose(text: string): string {
  // Leading spaces would make it an indented block.
  const pieces = inert(text)
    .trim()
    .split(/(`[^`]+`)/u);
  const spans = pieces.flatMap((piece, at) => (at % 2 === 1 ? [code(piece.slice(1, -1))] : words(piece)));
  // At the start of a line "1." would open a list.
  return glue(spans).replace(/^(\d+)([.)])(?=\s|$)/u, '$1\\$2');
}

/** Joins pieces of Markdown so that two code spans do not grow together into one. */
export function glue(pieces: readonly string[]): string {
  const glued: string[] = [];
  for (const piece of pieces) {
    const isTouching = glued.at(-1)?.endsWith('`') === true && piece.startsWith('`');
    if (piece !== '') glued.push(isTouching ? ` ${piece}` : piece);
  }
  return glued.join('');
}

/** A fenced block that its content cannot close; every line must be free of line breaks. */
export function fenced(language: string, lines: readonly string[]): readonly string[] {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [`${fence}${language}`, ...lines, fence];
}

/** A link with foreign text as its label; only the label where the address is not a web address. */
export function link(label: string, url: string): string {
  // At the start of a paragraph `[a]: b` defines a reference and vanishes, even where the bracket stands in code.
  if (!isWebAddress(url) || /[[\]]/u.test(label)) return codeSpan(label);
  return `[${codeSpan(label)}](<${encoded(url)}>)`;
}

/** A link with words of our own, or plain ones like a run's number, as its label. */
export function ownLink(label: string, url: string): string {
  return isWebAddress(url) ? `[${prose(label)}](<${encoded(url)}>)` : prose(label);
}

function isWebAddress(url: string): boolean {
  return /^https?:\/\//iu.test(url);
}

function encoded(url: string): string {
  return url.replaceAll(/\p{Cs}/gu, '').replaceAll(/[^\w:/?#@!$&'()*+,;=.~%-]/gu, encodeURIComponent);
}

function words(text: string): readonly string[] {
  return text.split(/(\s+)/u).map((word) => {
    const [, before = '', core = '', after = ''] = /^(["'(]*)(.*?)(["',.;:)!?]*)$/su.exec(word) ?? [];
    return core.trim() === '' || isPlain(core)
      ? `${before}${core}${after}`.replaceAll('`', '&#96;')
      : `${before}${code(core)}${after}`;
  });
}

function code(content: string): string {
  const fence = '`'.repeat(longestRun(content) + 1);
  const needsPad = /^[` ]|[` ]$/u.test(content);
  return needsPad ? `${fence} ${content} ${fence}` : `${fence}${content}${fence}`;
}

/** Nothing but letters, digits and harmless punctuation, and none of the shapes that GitHub links by itself. */
function isPlain(word: string): boolean {
  const isWord = /[\p{L}\p{N}]/u.test(word) && !/[^\P{ASCII}A-Za-z0-9.,'%/-]/u.test(word);
  return isWord && !/\b[0-9a-f]{7,40}\b|gh-\d|www\./iu.test(word);
}

function longestRun(text: string): number {
  return (text.match(/`+/gu) ?? []).reduce((longest, { length }) => Math.max(longest, length), 0);
}

function entity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
