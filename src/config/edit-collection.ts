import { isMap, isSeq, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';
import { endOf, endOfPair, colonAfter, type Found, type KeyValue, type Source } from './source.ts';
import { spell, type Written } from './spell.ts';
import { before, isBlankText, lineEnd, lineStart, type Splice } from './splice.ts';

export type Collection = YAMLMap.Parsed | YAMLSeq.Parsed;

/** What is to come and go in one list or mapping. */
export type Alteration = {
  readonly node: Collection;
  /** The key whose value it is. */
  readonly holder: Found | undefined;
  readonly removed: ReadonlySet<number>;
  /** New items of a list, or new keys with their values. */
  readonly added: readonly Written[] | readonly (readonly [string, Written])[];
};

/** Offsets of one item: in a block it begins with its dash or key. */
type Extent = { readonly start: number; readonly end: number };

/** The splices that make it so, or why they cannot be made. */
export function alter(source: Source, alteration: Alteration): readonly Splice[] | string {
  const { node } = alteration;
  const extents = extentsOf(source, node);
  if (extents.length !== node.items.length) return 'it is written in a way that is not edited';
  const work = { source, ...alteration, extents };
  if (node.flow === true) return alterFlow(work);
  return alteration.removed.size === extents.length && alteration.added.length === 0
    ? emptyBlock(work)
    : alterBlock(work);
}

type Work = Alteration & { readonly source: Source; readonly extents: readonly Extent[] };

function extentsOf({ text }: Source, node: Collection): readonly Extent[] {
  if (isMap(node)) {
    const pairs = node.items as readonly KeyValue[];
    return pairs.map((pair) => ({ start: pair.key.range[0], end: endOfPair(pair, text) }));
  }
  const items = node.items as readonly ParsedNode[];
  if (node.flow === true) return items.map((item) => ({ start: item.range[0], end: endOf(item, text) }));
  const dashes = dashesOf(node);
  return items.flatMap((item, index) => {
    const start = dashes[index];
    return start === undefined ? [] : [{ start, end: Math.max(start + 1, endOf(item, text)) }];
  });
}

function dashesOf(node: Collection): readonly number[] {
  const token = node.srcToken;
  if (token?.type !== 'block-seq') return [];
  return token.items.flatMap(({ start }) => {
    const dash = start.find(({ type }) => type === 'seq-item-ind');
    return dash === undefined ? [] : [dash.offset];
  });
}

function alterBlock({ source: { text, eol }, node, removed, added, extents }: Work) {
  const gone = extents.filter((_, index) => removed.has(index));
  if (gone.some(({ start }) => !isBlankText(before(text, start)))) return 'it shares its line with its list';
  const cuts = gone.map(({ start, end }) => linesOf(text, start, end));
  const last = extents.at(-1);
  if (last === undefined || added.length === 0) return cuts;
  const indent = before(text, last.start);
  const margin = isBlankText(indent) ? indent : ' '.repeat(indent.length);
  const lines = textsOf(node, added).map((item) => `${margin}${leadOf(text, node, last)}${item}${eol}`);
  const at = lineEnd(text, last.end);
  return [...cuts, { from: at, to: at, text: lines.join('') }];
}

/** The dash of a new item, as far from it as that of the last one. */
function leadOf(text: string, node: Collection, { start, end }: Extent): string {
  if (isMap(node)) return '';
  return /^-[ \t]+(?=\S)/.exec(text.slice(start, end))?.[0] ?? '- ';
}

function emptyBlock({ source: { text }, node, holder, extents }: Work): readonly Splice[] | string {
  if (holder === undefined || node.anchor !== undefined || node.tag !== undefined)
    return 'nothing would be left where it stands';
  if (extents.some(({ start }) => !isBlankText(before(text, start))))
    return 'it shares its line with its list';
  const at = colonAfter(holder.pair.key, text);
  const cuts = extents.map(({ start, end }) => linesOf(text, start, end));
  return [{ from: at, to: at, text: isSeq(node) ? ' []' : ' {}' }, ...cuts];
}

function alterFlow(work: Work): readonly Splice[] | string {
  const { source, node, removed, added, extents } = work;
  const kept = extents.flatMap((_, index) => (removed.has(index) ? [] : [index]));
  const last = kept.at(-1);
  const items = textsOf(node, added);
  if (last === undefined)
    return hasComments(work) ? refillLines(work, items) : refill(source.text, node, items);
  const cuts = extents.flatMap((_, index) => (removed.has(index) ? [cutFlow(work, index, last)] : []));
  return items.length === 0 ? cuts : [...cuts, ...addFlow(source, extents[last], items)];
}

function hasComments({ source: { text }, node, extents }: Work): boolean {
  const ends = [node.range[0], ...extents.map(({ end }) => end)];
  const starts = [...extents.map(({ start }) => start), node.range[1]];
  return ends.some((end, at) => text.slice(end, starts[at]).includes('#'));
}

function refill(text: string, node: Collection, items: readonly string[]): readonly Splice[] {
  const [from, to] = [node.range[0] + 1, node.range[1] - 1];
  const inner = text.slice(from, to);
  const pad = items.length > 0 && (inner === '' ? isMap(node) : inner.startsWith(' ')) ? ' ' : '';
  return [{ from, to, text: `${pad}${items.join(', ')}${pad}` }];
}

/** Every item goes, and comments between the brackets stay. */
function refillLines(work: Work, items: readonly string[]): readonly Splice[] | string {
  const { source, extents } = work;
  const last = extents.at(-1);
  if (last === undefined || !extents.every((extent) => hasOwnLine(source.text, extent)))
    return 'comments stand between the brackets';
  const margin = before(source.text, last.start);
  const at = lineEnd(source.text, last.end);
  const lines = items.map((item) => `${margin}${item},${source.eol}`).join('');
  const cuts = extents.map(({ start, end }) => linesOf(source.text, start, end));
  return [...cuts, { from: at, to: at, text: lines }];
}

function cutFlow({ source: { text }, extents }: Work, index: number, lastKept: number): Splice {
  const { start, end } = extents[index] ?? { start: 0, end: 0 };
  if (hasOwnLine(text, { start, end })) return linesOf(text, start, end);
  const previous = extents[index - 1];
  if (index > lastKept && previous !== undefined) {
    const isPlain = !/[\n#]/.test(text.slice(previous.end, start));
    return { from: isPlain ? previous.end : start, to: end, text: '' };
  }
  const comma = /^\s*,[ \t]*/.exec(text.slice(end));
  return { from: start, to: end + (comma?.[0].length ?? 0), text: '' };
}

function addFlow(
  { text, eol }: Source,
  last: Extent | undefined,
  items: readonly string[],
): readonly Splice[] {
  if (last === undefined) return [];
  const { start, end } = last;
  if (!hasOwnLine(text, last)) return [{ from: end, to: end, text: `, ${items.join(', ')}` }];
  const hasComma = /^[ \t]*,/.test(text.slice(end));
  const margin = before(text, start);
  const at = lineEnd(text, end);
  const lines = items.map((item) => margin + item).join(`,${eol}`);
  const added = { from: at, to: at, text: `${lines}${hasComma ? ',' : ''}${eol}` };
  return hasComma ? [added] : [{ from: end, to: end, text: ',' }, added];
}

function hasOwnLine(text: string, { start, end }: Extent): boolean {
  const rest = text.slice(end, lineEnd(text, end));
  return isBlankText(before(text, start)) && /^[ \t]*,?[ \t]*(#.*)?\r?\n?$/.test(rest);
}

function linesOf(text: string, start: number, end: number): Splice {
  return { from: lineStart(text, start), to: lineEnd(text, end), text: '' };
}

function textsOf(node: Collection, added: Alteration['added']): readonly string[] {
  if (isMap(node)) {
    const pairs = added as readonly (readonly [string, Written])[];
    return pairs.map(([key, value]) => `${spell(key)}: ${spell(value)}`);
  }
  const isSpread = node.flow !== true && node.items.some((item) => isMap(item) && item.flow !== true);
  return (added as readonly Written[]).map((item) => (isSpread ? spread(item) : spell(item)));
}

/** A mapping with one key in the way that its neighbours are written: `- id: x`. */
function spread(item: Written): string {
  const text = spell(item);
  const isOne =
    typeof item === 'object' && item !== null && !Array.isArray(item) && Object.keys(item).length === 1;
  return isOne ? text.slice(2, -2) : text;
}
