/** A piece of text: letters, a reference `${name}`, or something that looks like one and is none. */
export type Part =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'reference'; readonly name: string; readonly offset: number }
  | { readonly is: 'malformed'; readonly offset: number; readonly hint: string };

/** Splits at `${...}`; `$${` stands for a literal `${`. Linear in the text's length. */
export function splitReferences(text: string): readonly Part[] {
  const parts: Part[] = [];
  let done = 0;
  for (let open = text.indexOf('${'); open !== -1; open = text.indexOf('${', done)) {
    const isEscaped = open > done && text[open - 1] === '$';
    addText(parts, text.slice(done, isEscaped ? open - 1 : open));
    if (isEscaped) {
      addText(parts, '${');
      done = open + 2;
      continue;
    }
    const close = text.indexOf('}', open);
    if (close === -1)
      return [
        ...parts,
        { is: 'malformed', offset: open, hint: 'a "}" is missing; a literal "${" is written "$${"' },
      ];
    parts.push(toReference(text.slice(open + 2, close), open));
    done = close + 1;
  }
  addText(parts, text.slice(done));
  return parts;
}

/** Names that a text refers to, for example `secrets.X`. */
export function referencesIn(text: string): readonly string[] {
  return splitReferences(text).flatMap((part) => (part.is === 'reference' ? [part.name] : []));
}

function addText(parts: Part[], text: string): void {
  const last = parts.at(-1);
  if (text === '') return;
  if (last?.is === 'text') parts[parts.length - 1] = { is: 'text', text: last.text + text };
  else parts.push({ is: 'text', text });
}

function toReference(content: string, offset: number): Part {
  if (content.startsWith('{')) {
    return {
      is: 'malformed',
      offset,
      hint: 'one pair of braces: ${secrets.NAME}; what GitHub calls ${{ }} is known in workflows only',
    };
  }
  if (content.includes('${'))
    return { is: 'malformed', offset, hint: 'a reference may not stand inside another one' };
  return { is: 'reference', name: content.trim(), offset };
}
