// Everything that has no glyph of its own or turns the text around it: controls, bidi marks, zero-width characters, lone surrogates.
const UNSEEN = String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]`;
// An emoji may carry the selector that gives it its colours.
const UNSEEN_OR_EMOJI = new RegExp(String.raw`\p{Extended_Pictographic}\uFE0F|${UNSEEN}`, 'gu');
// What CI runners obey anywhere in a log line.
const RUNNER_COMMAND = /#(?=#(?:vso)?\[)/gu;
// A text that looks escaped already must not read as what it imitates.
const ESCAPE = /\\(?=u\{)/gu;

// Most names are this, and need no closer look: visible ASCII that neither escapes nor commands.
const PLAIN = /^[ !"$-[\]-~]*$/u;

/**
 * Foreign text that can be printed: whatever a terminal, a log or a reader's eye would take for something else is shown
 * as `\u{…}`. Different texts stay different, which is why it must be applied only once.
 */
export function inert(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(ESCAPE, shown)
    .replace(UNSEEN_OR_EMOJI, (match) => (isEmoji(match) ? match : shown(match)))
    .replace(RUNNER_COMMAND, shown);
}

/** As `inert`, and spaces that could pass for our own columns (leading, trailing, doubled) are shown too. */
export function inertName(text: string): string {
  return inert(text).replace(/^ | $| (?= )/gu, shown);
}

/** Lines of one printed text; a line that a GitHub runner would obey (`::command::`) loses its first colon. */
export function printable(lines: readonly string[]): string {
  return lines
    .map((line) => `${line.replace(/^(\s*):(?=:)/u, (_match, indent: string) => indent + shown(':'))}\n`)
    .join('');
}

/** What JSON is made of as a rule: visible ASCII on lines. */
const PLAIN_LINES = /^[\n -~]*$/u;

/** JSON in which unseen characters are escaped, which leaves its value the same. */
export function inertJson(json: string): string {
  if (PLAIN_LINES.test(json) && !json.includes('##')) return json;
  const units = (text: string): string =>
    Array.from(
      { length: text.length },
      (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join('');
  return json
    .replace(UNSEEN_OR_EMOJI, (match) => (match === '\n' || isEmoji(match) ? match : units(match)))
    .replace(RUNNER_COMMAND, units);
}

function isEmoji(match: string): boolean {
  return match.endsWith('\uFE0F') && match.length > 1;
}

function shown(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
}
