/** As much of GraphQL as a query or a mutation with fields, arguments, variables and inline fragments needs. */

export type Argument =
  | { readonly kind: 'plain'; readonly value: unknown }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'object'; readonly members: Readonly<Record<string, Argument>> };

export type Selection = {
  /** Of the field, or of the type that an inline fragment is about. */
  readonly name: string;
  readonly alias: string;
  readonly isFragment: boolean;
  readonly args: Readonly<Record<string, Argument>>;
  readonly fields: readonly Selection[];
};

type Operation = { readonly kind: 'Query' | 'Mutation'; readonly selections: readonly Selection[] };

export class SyntaxProblem extends Error {
  override name = 'SyntaxProblem';
}

const TOKEN = /"(?:[^"\\]|\\.)*"|\.\.\.|[{}()[\]:!$=]|-?\d+|[A-Za-z_]\w*|[^\s,]/g;

/** @throws SyntaxProblem */
export function parseQuery(text: string): Operation {
  const tokens = new Tokens(text.match(TOKEN) ?? []);
  const isMutation = tokens.peek() === 'mutation';
  if (isMutation || tokens.peek() === 'query') {
    tokens.take();
    skipHead(tokens);
  }
  const selections = parseSelections(tokens);
  if (tokens.peek() !== undefined) throw tokens.unexpected();
  return { kind: isMutation ? 'Mutation' : 'Query', selections };
}

class Tokens {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  peek(): string | undefined {
    return this.#tokens[this.#next];
  }

  take(expected?: string): string {
    const token = this.peek();
    if (token === undefined || (expected !== undefined && token !== expected)) throw this.unexpected();
    this.#next += 1;
    return token;
  }

  name(): string {
    if (!/^[A-Za-z_]/.test(this.peek() ?? '')) throw this.unexpected();
    return this.take();
  }

  unexpected(): SyntaxProblem {
    const token = this.peek();
    return new SyntaxProblem(
      token === undefined ? 'Unexpected end of document' : `Parse error on "${token}"`,
    );
  }
}

/** The name of the operation and the types of its variables say nothing that the values do not. */
function skipHead(tokens: Tokens): void {
  while (tokens.peek() !== '{') tokens.take();
}

function parseSelections(tokens: Tokens): readonly Selection[] {
  const selections: Selection[] = [];
  tokens.take('{');
  while (tokens.peek() !== '}') selections.push(parseSelection(tokens));
  tokens.take('}');
  if (selections.length === 0) throw new SyntaxProblem('Parse error on "}"');
  return selections;
}

function parseSelection(tokens: Tokens): Selection {
  if (tokens.peek() === '...') {
    tokens.take();
    tokens.take('on');
    const name = tokens.name();
    return { name, alias: name, isFragment: true, args: {}, fields: parseSelections(tokens) };
  }
  const alias = tokens.name();
  let name = alias;
  if (tokens.peek() === ':') {
    tokens.take();
    name = tokens.name();
  }
  const args = tokens.peek() === '(' ? parseMembers(tokens, '(', ')') : {};
  const fields = tokens.peek() === '{' ? parseSelections(tokens) : [];
  return { name, alias, isFragment: false, args, fields };
}

function parseMembers(tokens: Tokens, open: string, close: string): Readonly<Record<string, Argument>> {
  const members: Record<string, Argument> = {};
  tokens.take(open);
  while (tokens.peek() !== close) {
    const name = tokens.name();
    tokens.take(':');
    members[name] = parseValue(tokens);
  }
  tokens.take(close);
  return members;
}

function parseValue(tokens: Tokens): Argument {
  if (tokens.peek() === '{') return { kind: 'object', members: parseMembers(tokens, '{', '}') };
  const token = tokens.take();
  if (token === '$') return { kind: 'variable', name: tokens.name() };
  if (/^("|-?\d|(true|false|null)$)/.test(token)) return { kind: 'plain', value: JSON.parse(token) };
  if (/^[A-Za-z_]/.test(token)) return { kind: 'plain', value: token };
  throw new SyntaxProblem(`Parse error on "${token}"`);
}
