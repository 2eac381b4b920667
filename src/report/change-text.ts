import type { ChangeDocument } from '../core/document.ts';
import { type Delta, type DeltaLine, deltaOf } from './delta.ts';
import { alike, type VerbGroup } from './groups.ts';
import { inert, inertName } from './inert.ts';
import { ownerLikeness, ownerSentence, snippetLines } from './owner.ts';
import type { Page } from './page.ts';
import type { Paint } from './paint.ts';
import { plain } from './phrase.ts';
import { columns, flow, wrap } from './wrap.ts';
import { thousands, VERB_MEANING, VERB_WORDS } from './words.ts';

const HEAD = { first: '  ', rest: '      ' };
const BODY = { first: '      ', rest: '        ' };
const MEMBER = '        ';

/** All changes of one verb: who, then what; what three or more have alike is said once. */
export function groupText({ verb, changes }: VerbGroup, page: Page): readonly string[] {
  const own = page.headings[verb];
  const meaning = own === undefined ? VERB_MEANING[verb] : undefined;
  const count = thousands(changes.length);
  const title = page.paint.strong(`${own ?? VERB_WORDS[verb].heading} ${count}`);
  const heading = meaning === undefined ? title : `${title} ${page.paint.faint(`(${meaning})`)}`;
  return [heading, ...alike(changes, likeness).flatMap((group) => alikeText(group, page))];
}

function alikeText(changes: readonly ChangeDocument[], page: Page): readonly string[] {
  const heads = headsText(changes, page);
  const [first] = changes;
  if (first === undefined) return [];
  const paste = snippetText(changes, page);
  if (changes.length === 1) return [...heads, ...bodyText(first, page, true), ...paste];
  const body = [...bodyText(first, page, false), ...paste];
  return body.length === 0
    ? heads
    : [...heads, `    in each of these ${thousands(changes.length)}:`, ...body];
}

/** A rule may speak of thousands: nobody reads their names, and what is to be read would scroll away. */
const MOST_NAMES = 30;
const NAMES_SHOWN = 20;

function headsText(changes: readonly ChangeDocument[], page: Page): readonly string[] {
  const isShort = page.verbose || changes.length <= MOST_NAMES;
  const shown = isShort ? changes : changes.slice(0, NAMES_SHOWN);
  const rest = thousands(changes.length - shown.length);
  const more = isShort ? [] : [page.paint.faint(`    and ${rest} more (--verbose lists them)`)];
  return [...shown.flatMap((change) => headText(change, page)), ...more];
}

/** Equal for changes that say the same of different objects; how much stays unchanged does not count. */
function likeness(change: ChangeDocument): string {
  const deltas = change.fields.map((field) => deltaOf(field, change.verb));
  const shapes = deltas.map(({ path, remarks, shape }) => [
    path,
    remarks,
    shape.is === 'block' ? shape.lines : shape,
  ]);
  return JSON.stringify([shapes, ownerLikeness(change), change.requires, change.notes]);
}

function headText(change: ChangeDocument, page: Page): readonly string[] {
  const { paint, verbose } = page;
  const { file, line } = change.source ?? { file: '', line: 0 };
  const name = inertName(change.display);
  const pieces = [
    `${signOf(change, paint)} ${paint.strong(name === '' ? '""' : name)}`,
    inertName(change.address),
    ...(verbose && change.id !== null ? [paint.faint(`id ${inertName(change.id)}`)] : []),
    ...(change.source === null ? [] : [paint.faint(`${inertName(file)}:${line}`)]),
    ...(verbose && change.op !== null ? [paint.faint(`op ${inertName(change.op)}`)] : []),
  ];
  return flow(pieces, '  ', { width: page.width, indent: HEAD });
}

function signOf({ verb }: ChangeDocument, paint: Paint): string {
  const { sign } = VERB_WORDS[verb];
  if (sign === '+') return paint.added(sign);
  if (sign === '-' || sign === '±') return paint.removed(sign);
  return sign === '!' ? paint.warning(sign) : paint.changed(sign);
}

function bodyText(change: ChangeDocument, page: Page, isAlone: boolean): readonly string[] {
  return [
    ...blockedText(change, page),
    ...change.fields.flatMap((field) => fieldText(deltaOf(field, change.verb), page, isAlone)),
    ...change.requires.flatMap((address) => wrap(`needs ${inertName(address)} first`, page.width, BODY)),
    ...change.notes.flatMap((note) => wrap(`note: ${inert(note)}`, page.width, BODY)),
  ];
}

function blockedText({ blocked }: ChangeDocument, { width }: Page): readonly string[] {
  if (blocked === null) return [];
  const { reason, message, hint, owner } = blocked;
  return [
    ...wrap(`${inertName(reason)}: ${inert(message)}`, width, BODY),
    ...(owner === undefined ? [] : wrap(plain(ownerSentence(owner)), width, BODY)),
    ...(hint === null ? [] : wrap(`hint: ${inert(hint)}`, width, BODY)),
  ];
}

// What is to be copied is not wrapped; more than this hides the rest of the plan.
const SNIPPET_SHOWN = 60;

function snippetText(changes: readonly ChangeDocument[], { paint, verbose }: Page): readonly string[] {
  const lines = snippetLines(changes);
  if (lines.length === 0) return [];
  const shown = verbose ? lines : lines.slice(0, SNIPPET_SHOWN);
  const more = lines.length - shown.length;
  return [
    `${BODY.first}to merge into the bundle's YAML:`,
    ...shown.map((line) => `${MEMBER}${inert(line)}`),
    ...(more === 0 ? [] : [paint.faint(`${MEMBER}# ${thousands(more)} more lines (--verbose shows them)`)]),
  ];
}

function fieldText(delta: Delta, page: Page, isAlone: boolean): readonly string[] {
  const { path, shape, remarks } = delta;
  const remark = remarks.length === 0 ? '' : ` (${remarks.join('; ')})`;
  const block = (lines: readonly DeltaLine[]): readonly string[] => [
    ...wrap(`${path}${remark}`, page.width, BODY),
    ...lines.map((line) => lineText(line, page.paint)),
  ];
  if (shape.is === 'block') {
    const rest =
      isAlone && shape.unchanged > 0 ? [page.paint.faint(`${MEMBER}  ${shape.unchanged} unchanged`)] : [];
    return [...block(shape.lines), ...rest];
  }
  const { before, after } = shape;
  const line = `${path}: ${scalarText(before, after)}`;
  const isLong =
    columns(`${BODY.first}${line}`) > page.width && before !== null && after !== null && before !== after;
  if (!isLong) return wrap(`${line}${remark}`, page.width, BODY);
  return block([
    { sign: '-', text: before },
    { sign: '+', text: after },
  ]);
}

function scalarText(before: string | null, after: string | null): string {
  if (before === null || before === after) return after ?? '(none)';
  return `${before} -> ${after ?? '(none)'}`;
}

function lineText({ sign, text }: DeltaLine, paint: Paint): string {
  const line = text === '' ? sign : `${sign} ${text}`;
  return `${MEMBER}${sign === '+' ? paint.added(line) : sign === '-' ? paint.removed(line) : line}`;
}
