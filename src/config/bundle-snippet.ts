import { Scalar as YamlScalar, YAMLMap, YAMLSeq, Document, type Node } from 'yaml';
import type { BundleBlock, BundleValue } from '../core/bundle.ts';
import { type Item, IdRef, NameRef, Ref } from '../core/value.ts';
import { Secret } from '../core/secret.ts';

export type SnippetParts = {
  /** Under `resources`, for example `jobs`. */
  readonly section: string;
  /** Null where it is not known; then one is made of the name. */
  readonly key: string | null;
  readonly name: string;
  readonly block: BundleBlock;
  readonly who: Who;
};

export type Who = {
  /** The id of a declared object; undefined where it does not exist yet. */
  readonly idOf: (ref: Ref) => string | undefined;
  /** The name of one that is not declared. */
  readonly nameOf: (ref: IdRef) => string | undefined;
};

/** YAML to paste into a bundle: a bundle cannot hold a destination, so each goes by its id, with our name for it beside it. */
export function bundleSnippet({ section, key, name, block, who }: SnippetParts): string {
  const own = new YamlScalar(key ?? keyLike(name));
  if (key === null) own.commentBefore = ' the key that it has in the bundle is not known: put that here';
  const entry = mapOf([[own, nodeOf(block, who)]]);
  const sections = mapOf([[new YamlScalar(section), entry]]);
  const document = new Document();
  document.contents = mapOf([[new YamlScalar('resources'), sections]]);
  return document.toString({ lineWidth: 0 });
}

function keyLike(name: string): string {
  const word = name.toLowerCase().replace(/[^a-z0-9_]+/gu, '_');
  return word.slice(0, 60).replace(/^_+|_+$/gu, '') || 'KEY';
}

function nodeOf(value: BundleValue, who: Who): Node {
  if (isBlock(value)) {
    return mapOf(Object.entries(value).map(([key, inner]) => [new YamlScalar(key), nodeOf(inner, who)]));
  }
  if (isMany(value)) return listOf(value.map((item) => nodeOf(item, who)));
  return scalarOf(value, who);
}

function mapOf(pairs: readonly (readonly [YamlScalar, Node])[]): YAMLMap {
  const map = new YAMLMap();
  for (const [key, value] of pairs) map.set(key, value);
  return map;
}

function listOf(nodes: readonly Node[]): YAMLSeq {
  const list = new YAMLSeq();
  for (const node of nodes) list.add(node);
  return list;
}

function scalarOf(item: Item | bigint, who: Who): YamlScalar {
  if (item instanceof Ref) return referenceOf(item, who);
  if (item instanceof IdRef) return foreign(item, who);
  if (item instanceof NameRef) return new YamlScalar(item.name);
  return new YamlScalar(item instanceof Secret ? item.label : item);
}

function referenceOf(ref: Ref, { idOf }: Who): YamlScalar {
  const id = idOf(ref);
  const scalar = new YamlScalar(id ?? `<id of ${ref.to}>`);
  scalar.comment = id === undefined ? ' it does not exist yet: apply, then plan again' : ` ${String(ref)}`;
  return scalar;
}

/** A stranger's name goes into a comment, where nothing is quoted. */
const PLAIN_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,80}$/u;

function foreign(ref: IdRef, { nameOf }: Who): YamlScalar {
  const scalar = new YamlScalar(ref.id);
  const name = nameOf(ref) ?? '';
  if (PLAIN_NAME.test(name)) scalar.comment = ` ${name}`;
  return scalar;
}

function isMany(value: BundleValue): value is readonly BundleValue[] {
  return Array.isArray(value);
}

function isBlock(value: BundleValue): value is BundleBlock {
  if (typeof value !== 'object' || value === null || isMany(value)) return false;
  return ![Ref, IdRef, NameRef, Secret].some((kind) => value instanceof kind);
}
