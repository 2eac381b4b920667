import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type Document,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Diagnostic, Position } from '../core/diagnostic.ts';
import type { Scalar as Plain } from '../core/value.ts';
import { LIMITS } from './limits.ts';
import { isMapping, type Field, type Leaf, type Mapping, type Tree } from './tree.ts';

/** A composed document as a tree. An alias becomes what its anchor stands at, positions included. */
export function readDocument(
  document: Document.Parsed,
  source: string,
  place: (offset: number) => Position,
): { readonly tree: Tree; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const reading: Reading = {
    source,
    place,
    diagnostics,
    anchors: new Map(),
    values: 0,
    aliasedValues: 0,
    deepest: 0,
  };
  return { tree: readNode(reading, document.contents, 1), diagnostics };
}

type Reading = {
  readonly source: string;
  readonly place: (offset: number) => Position;
  readonly diagnostics: Diagnostic[];
  readonly anchors: Map<string, Anchor | 'open'>;
  values: number;
  aliasedValues: number;
  deepest: number;
};

/** `values` and `height` are counted with aliases written out, so that a bomb is seen without being built. */
type Anchor = { readonly tree: Tree; readonly values: number; readonly height: number };

function readNode(reading: Reading, node: ParsedNode | null, depth: number): Tree {
  if (isAlias(node)) return readAlias(reading, node, depth);
  const anchor = node?.anchor;
  if (anchor === undefined) return readContent(reading, node, depth);
  const before = { values: reading.values, deepest: reading.deepest };
  reading.deepest = depth;
  reading.anchors.set(anchor, 'open');
  const tree = readContent(reading, node, depth);
  reading.anchors.set(anchor, {
    tree,
    values: reading.values - before.values,
    height: reading.deepest - depth,
  });
  reading.deepest = Math.max(reading.deepest, before.deepest);
  return tree;
}

function readContent(reading: Reading, node: ParsedNode | null, depth: number): Tree {
  reading.values += 1;
  reading.deepest = Math.max(reading.deepest, depth);
  if (isMap(node)) return readMapping(reading, node, depth);
  const at = reading.place(node?.range[0] ?? 0);
  if (isSeq(node)) {
    return { shape: 'list', at, items: node.items.map((item) => readNode(reading, item, depth + 1)) };
  }
  return isScalar(node) ? readScalar(reading, node, at) : { shape: 'leaf', at, value: null };
}

function readMapping(reading: Reading, node: YAMLMap.Parsed, depth: number): Mapping {
  const at = reading.place(node.range[0]);
  const fields = new Map<string, Field>();
  const merged: Mapping[] = [];
  for (const { key, value } of node.items) {
    const keyAt = reading.place(key.range[0]);
    const name = isScalar(key) ? String(key.value) : '';
    const field = { at: keyAt, value: readNode(reading, value, depth + 1) };
    if (name === '<<' && isScalar(key) && key.type === 'PLAIN') merged.push(...mergeSources(reading, field));
    else if (isUsableKey(reading, name, keyAt, fields.get(name))) fields.set(name, field);
  }
  for (const source of merged) {
    for (const [name, field] of source.fields) if (!fields.has(name)) fields.set(name, field);
  }
  return { shape: 'mapping', at, fields };
}

function isUsableKey(reading: Reading, name: string, at: Position, first: Field | undefined): boolean {
  if (name === '__proto__') {
    report(reading, {
      code: 'unknown-key',
      message: 'the key "__proto__" is not allowed',
      at,
      hint: 'choose another name',
    });
    return false;
  }
  if (first === undefined) return true;
  const message = `"${name}" stands twice in one mapping, in line ${first.at.line} and in line ${at.line}`;
  report(reading, { code: 'duplicate-key', message, at, hint: 'keep one of them' });
  return false;
}

function mergeSources(reading: Reading, { at, value }: Field): readonly Mapping[] {
  const sources = value.shape === 'list' ? value.items : [value];
  const mappings = sources.filter(isMapping);
  if (
    mappings.length < sources.length &&
    !sources.some((source) => source.shape === 'leaf' && source.isBroken)
  ) {
    const hint = 'write `<<: *anchor`, with the anchor at a mapping';
    report(reading, { code: 'yaml-merge', message: '"<<" merges mappings, and this is none', at, hint });
  }
  return mappings;
}

function readAlias(reading: Reading, node: Alias.Parsed, depth: number): Tree {
  const at = reading.place(node.range[0]);
  const broken: Leaf = { shape: 'leaf', at, value: null, isBroken: true };
  const anchor = reading.anchors.get(node.source);
  const refuse = (code: string, message: string, hint: string): Leaf => {
    report(reading, { code, message, at, hint });
    return broken;
  };
  if (anchor === undefined) {
    return refuse(
      'yaml-alias',
      `no anchor "&${node.source}" stands before this alias`,
      'text that begins with "*" must be in quotes',
    );
  }
  if (anchor === 'open')
    return refuse('yaml-alias', `the alias "*${node.source}" stands inside its own anchor`, 'write it out');
  if (depth + anchor.height > LIMITS.depth)
    return refuse('too-deep', `more than ${LIMITS.depth} levels of nesting`, 'write it out');
  const wasWithin = reading.aliasedValues <= LIMITS.aliasedValues;
  reading.values += anchor.values;
  reading.aliasedValues += anchor.values;
  reading.deepest = Math.max(reading.deepest, depth + anchor.height);
  if (reading.aliasedValues <= LIMITS.aliasedValues) return anchor.tree;
  if (!wasWithin) return broken;
  return refuse(
    'yaml-alias',
    `the aliases of this file stand for more than ${LIMITS.aliasedValues} values`,
    'use fewer aliases',
  );
}

function readScalar(reading: Reading, node: Scalar.Parsed, at: Position): Leaf {
  const value: unknown = node.value;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    report(reading, {
      code: 'wrong-type',
      message: 'this number is not finite',
      at,
      hint: 'put it in quotes if it is text',
    });
    return { shape: 'leaf', at, value: null, isBroken: true };
  }
  const textAt =
    typeof value === 'string'
      ? offsetOfText(reading.source.slice(node.range[0], node.range[1]), value)
      : undefined;
  return { shape: 'leaf', at, value: toPlain(value), ...(textAt === undefined ? {} : { textAt }) };
}

function toPlain(value: unknown): Plain {
  if (typeof value === 'bigint')
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  return typeof value === 'string' ? value : null;
}

function offsetOfText(written: string, text: string): number | undefined {
  if (written === text) return 0;
  return written.slice(1, -1) === text ? 1 : undefined;
}

function report(reading: Reading, mistake: Omit<Diagnostic, 'severity'>): void {
  reading.diagnostics.push({ severity: 'error', ...mistake });
}
