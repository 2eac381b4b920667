import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';
import type { Position } from '../core/diagnostic.ts';

/** A file that is about to be edited: its text, and what stands where in it. */
export type Source = {
  /** Without a byte order mark, with a last line that ends. */
  readonly text: string;
  /** How its lines end. */
  readonly eol: string;
  /** The key that begins at a place; undefined where none does. */
  readonly keyAt: (at: Pick<Position, 'line' | 'column'>) => Found | undefined;
  /** Whether an alias elsewhere means what stands in there. */
  readonly isShared: (node: unknown) => boolean;
};

export type KeyValue = Pair<ParsedNode, ParsedNode | null>;

/** A key of a mapping, and the keys that it is below of. */
export type Found = {
  readonly pair: KeyValue;
  readonly mapping: YAMLMap.Parsed;
  readonly index: number;
  /** The keys and list items from the top of the file down to it, itself included. */
  readonly depth: number;
  /** The outermost key. */
  readonly root: string;
  /** The key whose value the mapping is; undefined where it is an item of a list, or the whole file. */
  readonly holder: Found | undefined;
  /** Why nothing below may be changed: something around it stands for more than one place. */
  readonly isAliased: boolean;
};

/** Source text as the loader read it. Places are those that its tree tells. */
export function readSource(text: string): Source {
  const lines = new LineCounter();
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const whole = text.endsWith('\n') ? text : text + eol;
  const document = parseDocument(whole, {
    keepSourceTokens: true,
    lineCounter: lines,
    logLevel: 'silent',
    prettyErrors: false,
    resolveKnownTags: false,
    schema: 'core',
    uniqueKeys: false,
  });
  const aliased = aliasedIn(document);
  const isShared = (node: unknown): boolean => holdsAnchor(node, aliased);
  const ground = { aliased, keys: new Map<number, Found>() };
  collect(document.contents, { depth: 0, root: '', holder: undefined, isAliased: false }, ground);
  const keyAt: Source['keyAt'] = ({ line, column }) =>
    ground.keys.get((lines.lineStarts[line - 1] ?? -1) + column - 1);
  return { text: whole, eol, keyAt, isShared };
}

type Ground = { readonly aliased: ReadonlySet<string>; readonly keys: Map<number, Found> };
type Above = Pick<Found, 'depth' | 'root' | 'holder' | 'isAliased'>;

function collect(node: ParsedNode | null, above: Above, ground: Ground): void {
  if (!isCollection(node)) return;
  const isAliased = above.isAliased || ground.aliased.has(node.anchor ?? '');
  if (isSeq(node)) {
    const below = { ...above, isAliased, depth: above.depth + 1, holder: undefined };
    for (const item of node.items) collect(item, below, ground);
  }
  if (!isMap(node)) return;
  for (const [index, pair] of node.items.entries()) {
    const depth = above.depth + 1;
    const root = above.depth === 0 && isScalar(pair.key) ? String(pair.key.value) : above.root;
    const found: Found = { pair, mapping: node, index, depth, root, holder: above.holder, isAliased };
    ground.keys.set(pair.key.range[0], found);
    collect(pair.value, { depth, root, holder: found, isAliased }, ground);
  }
}

function aliasedIn(document: Document.Parsed): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, {
    Alias: (_key, { source }) => {
      names.add(source);
    },
  });
  return names;
}

function holdsAnchor(node: unknown, aliased: ReadonlySet<string>): boolean {
  let isFound = false;
  visit(node as Node, {
    Node: (_key, { anchor }) => {
      if (anchor === undefined || !aliased.has(anchor)) return undefined;
      isFound = true;
      return visit.BREAK;
    },
  });
  return isFound;
}

/** Where the text of a node ends, without comments and space behind it. */
export function endOf(node: ParsedNode | null | undefined, text: string): number {
  if (node === null || node === undefined) return 0;
  if (isCollection(node) && node.flow !== true) {
    const last: unknown = node.items.at(-1);
    return isMap(node) ? endOfPair(last as KeyValue, text) : endOf(last as ParsedNode, text);
  }
  return text.slice(0, node.range[1]).trimEnd().length;
}

export function endOfPair({ key, value }: KeyValue, text: string): number {
  return Math.max(key.range[1], colonAfter(key, text), isAlias(value) ? value.range[1] : endOf(value, text));
}

/** The offset behind the colon of a key. */
export function colonAfter(key: ParsedNode, text: string): number {
  const colon = /^\s*:/.exec(text.slice(key.range[1], key.range[1] + 1000));
  return colon === null ? key.range[1] : key.range[1] + colon[0].length;
}
