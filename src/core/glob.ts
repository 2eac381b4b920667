/**
 * Matches a whole text: `*` any run of characters, `?` one, backslash takes the next literally, everything else is itself.
 * Two pointers, linear in practice: path globs mis-read names and take minutes on hostile patterns.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const tokens = tokenise(Array.from(pattern));
  const letters = Array.from(text);
  let [token, at, star, mark] = [0, 0, -1, 0];
  while (at < letters.length) {
    const expected = tokens[token];
    if (expected === ANY) {
      star = token;
      mark = at;
      token += 1;
    } else if (expected !== undefined && (expected === ONE || expected === letters[at])) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      token = star + 1;
      mark += 1;
      at = mark;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === ANY);
}

const ANY = Symbol('any run');
const ONE = Symbol('any one');

function tokenise(pattern: readonly string[]): readonly (string | symbol)[] {
  const tokens: (string | symbol)[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern[at] ?? '';
    const isEscape = letter === '\\' && at + 1 < pattern.length;
    if (isEscape) at += 1;
    tokens.push(isEscape ? (pattern[at] ?? '') : letter === '*' ? ANY : letter === '?' ? ONE : letter);
  }
  return tokens;
}
