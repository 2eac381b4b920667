import type { ChangeDocument } from '../core/document.ts';
import { type Delta, type DeltaLine, deltaOf } from './delta.ts';
import { type Detail, EVERYTHING, andMore, clipText, clipTexts, firstOf } from './detail.ts';
import { codeSpan, fenced, link, prose, summaryCode } from './escape.ts';
import { type VerbGroup, alike } from './groups.ts';
import { inert } from './inert.ts';
import { ownerLikeness, ownerMarkdown, snippetLines } from './owner.ts';
import { headingOf, type Headings, plural, thousands, VERB_MEANING } from './words.ts';

export type MarkdownOptions = {
  /** Web address of a line of the configuration; places are plain text where it is left out. */
  readonly link?: (file: string, line: number) => string;
  /** Everything where it is left out. */
  readonly detail?: Detail;
  readonly headings?: Headings;
};

/** One fold; `lines` counts what it hides. */
export type Fold = { readonly lines: number; readonly render: (isOpen: boolean) => readonly string[] };

// A longer list of names is folded itself.
const NAMES_SHOWN = 30;

/** Who: the names of one verb, each with its place in the file. */
export function namesMarkdown({ verb, changes }: VerbGroup, options: MarkdownOptions): readonly string[] {
  const meaning = options.headings === undefined ? VERB_MEANING[verb] : undefined;
  const title = `**${headingOf(verb, options.headings)} ${thousands(changes.length)}**`;
  const heading = meaning === undefined ? title : `${title} (${meaning})`;
  const { names: most, text } = options.detail ?? EVERYTHING;
  if (most === 0) return [heading];
  const shown = changes.slice(0, most).map((change) => itemMarkdown(clipped(change, text), options));
  const items = [...shown, ...andMore(changes.length - shown.length)];
  if (items.length <= NAMES_SHOWN) return [heading, '', ...items];
  return [heading, '', '<details><summary>Names</summary>', '', ...items, '', '</details>'];
}

/** Changes of which there is more to say than a name, those together that are said with the same words. */
export function alikeInMarkdown(changes: readonly ChangeDocument[]): readonly (readonly ChangeDocument[])[] {
  const changed = changes.filter(
    (change) => change.fields.length + change.notes.length + change.requires.length > 0 || hasSnippet(change),
  );
  return alike(changed, (change) =>
    JSON.stringify([
      change.verb,
      diffBlock(change, false),
      tail(change),
      ...(hasSnippet(change) ? [ownerLikeness(change)] : []),
    ]),
  );
}

/** What: one fold per changed object, and one for three or more that change alike. */
export function foldsOf(
  groups: readonly (readonly ChangeDocument[])[],
  { folds: most, foldLines, snippets, text }: Detail,
  headings?: Headings,
): readonly Fold[] {
  return groups.slice(0, most).flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const heading = headingOf(first.verb, headings);
    if (hasSnippet(first)) return snippets === 0 ? [] : [snippetFold([first, ...others], heading)];
    return [foldOf(first, { count: 1 + others.length, most: foldLines, heading, text })];
  });
}

export function itemMarkdown(change: ChangeDocument, options: MarkdownOptions): string {
  const { display, address, source, blocked } = change;
  const place = source === null ? [] : [placeMarkdown(source.file, source.line, options)];
  const reason = blocked === null ? [] : [codeSpan(blocked.reason)];
  return `- ${[codeSpan(display), codeSpan(address), ...place, ...reason].join(' · ')}`;
}

export function placeMarkdown(file: string, line: number, options: MarkdownOptions): string {
  const label = `${file}:${line}`;
  return options.link === undefined ? codeSpan(label) : link(label, options.link(file, line));
}

function hasSnippet({ blocked }: ChangeDocument): boolean {
  return (blocked?.owner?.snippet ?? null) !== null;
}

/** Nobody reads it before it is pasted, so it is closed also where little else is to be read. */
function snippetFold(changes: readonly [ChangeDocument, ...ChangeDocument[]], heading: string): Fold {
  const [first] = changes;
  const owner = first.blocked?.owner;
  const isAlone = changes.length === 1;
  const who = isAlone ? summaryOf(first) : summaryOfMany(first, changes.length);
  const where =
    owner === undefined || owner.why !== null ? [] : [`Deployed from ${ownerMarkdown(owner)}`, ''];
  const lines = snippetLines(changes).map(inert);
  const render = (): readonly string[] => [
    `<details><summary>${heading} ${who}: what to merge into the bundle's YAML</summary>`,
    '',
    ...where,
    ...fenced('yaml', lines),
    ...tail(first),
    '',
    '</details>',
  ];
  return { lines: 0, render };
}

type Shown = {
  readonly count: number;
  readonly most: number;
  readonly heading: string;
  readonly text: number;
};

function foldOf(whole: ChangeDocument, { count, most, heading, text }: Shown): Fold {
  const isAlone = count === 1;
  const change = clipped(whole, text);
  // What differs is found in the whole values, and its lines are cut after that.
  const lines = shortened(diffBlock(whole, isAlone), most).map((line) => clipText(line, text));
  const body = [...(lines.length === 0 ? [] : fenced('diff', lines)), ...tail(change, most)];
  const summary = `<summary>${heading} ${isAlone ? summaryOf(change) : summaryOfMany(change, count)}</summary>`;
  const render = (isOpen: boolean): readonly string[] => [
    `<details${isOpen ? ' open' : ''}>${summary}`,
    '',
    ...body,
    '',
    '</details>',
  ];
  return { lines: body.length, render };
}

/** Texts cut to a length, but for the path that a link needs. */
function clipped(change: ChangeDocument, text: number): ChangeDocument {
  return { ...clipTexts({ ...change, fields: [] }, text), fields: change.fields, source: change.source };
}

function shortened(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most
    ? lines
    : [...lines.slice(0, most), ` # ${plural(lines.length - most, 'more line')}`];
}

function summaryOf(change: ChangeDocument): string {
  return `${summaryCode(change.display)} · ${summaryCode(change.address)}`;
}

function summaryOfMany(first: ChangeDocument, count: number): string {
  const kind = first.address.slice(0, Math.max(0, first.address.indexOf('/')));
  const paths = first.fields.map(({ path }) => summaryCode(path)).join(', ');
  const many = `${thousands(count)} × ${summaryCode(kind)} alike`;
  return paths === '' ? many : `${many}: ${paths}`;
}

function tail({ requires, notes }: ChangeDocument, most = Infinity): readonly string[] {
  const needs = requires.map((address) => `- needs ${codeSpan(address)} first`);
  const items = [...needs, ...notes.map((note) => `- note: ${prose(note)}`)];
  return items.length === 0 ? [] : ['', ...firstOf(items, most)];
}

function diffBlock(change: ChangeDocument, isAlone: boolean): readonly string[] {
  return change.fields.flatMap((field) => fieldDiff(deltaOf(field, change.verb), isAlone));
}

/** Signs stand in the first column, where GitHub colours them. */
function fieldDiff({ path, shape, remarks }: Delta, isAlone: boolean): readonly string[] {
  const remark = remarks.map((text) => ` # ${text}`);
  if (shape.is === 'scalar') return [...scalarDiff(path, shape.before, shape.after), ...remark];
  const rest = isAlone && shape.unchanged > 0 ? [`   # ${shape.unchanged} unchanged`] : [];
  return [` ${path}:`, ...shape.lines.map(memberDiff), ...rest, ...remark];
}

function memberDiff({ sign, text }: DeltaLine): string {
  return text === '' ? sign : `${sign}  ${text}`;
}

function scalarDiff(path: string, before: string | null, after: string | null): readonly string[] {
  if (before === after) return [` ${path}: ${before ?? ''}`];
  return [
    ...(before === null ? [] : [`-${path}: ${before}`]),
    ...(after === null ? [] : [`+${path}: ${after}`]),
  ];
}
