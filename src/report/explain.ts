import type { ExplanationDocument, StatedDocument } from '../core/document.ts';
import { codeSpan, prose } from './escape.ts';
import { inertName } from './inert.ts';
import type { Page } from './page.ts';
import { wrap } from './wrap.ts';

const MEMBER = { first: '    ', rest: '      ' };

/** For a terminal: where each recipient comes from, and what is said in vain. */
export function explanationsText(
  explanations: readonly ExplanationDocument[],
  { paint, width }: Page,
): readonly string[] {
  return explanations.flatMap(({ address, display, fields }) => [
    paint.strong(`Whom ${inertName(display)} (${address}) will tell, and why`),
    ...fields.flatMap(({ path, members, overridden }) => [
      `  ${inertName(path)}`,
      ...(members.length === 0
        ? [`${MEMBER.first}${nothingAt(path)}`]
        : members.flatMap((one) => wrap(memberOf(one, inertName), width, MEMBER))),
      ...overridden.flatMap((one) => wrap(overriddenOf(one, inertName), width, MEMBER)),
    ]),
  ]);
}

/** The same as Markdown. */
export function explanationsMarkdown(explanations: readonly ExplanationDocument[]): readonly string[] {
  return explanations.flatMap(({ address, display, fields }) => [
    `#### Whom ${codeSpan(display)} (${codeSpan(address)}) will tell, and why`,
    '',
    ...fields.flatMap(({ path, members, overridden }) => [
      `- ${codeSpan(path)}`,
      ...(members.length === 0
        ? [`  - ${nothingAt(path)}`]
        : members.map((one) => `  - ${memberOf(one, codeSpan)}`)),
      ...overridden.map((one) => `  - ${prose(overriddenOf(one, String))}`),
    ]),
  ]);
}

function nothingAt(path: string): string {
  return /_notifications\.|^notifications\./.test(path) ? 'nobody' : 'not set';
}

type Member = ExplanationDocument['fields'][number]['members'][number];

function memberOf({ value, fate, by }: Member, name: (text: string) => string): string {
  const who = by.map((one) => placeOf(one, name)).join(' and ');
  const said = name(String(value));
  if (fate === 'stays') return `${said}: is there already, and stays`;
  if (fate === 'stated') return `${said}: ${who}`;
  return `${said}: goes, because of ${who === '' ? 'what was taken out of the file' : who}`;
}

function overriddenOf(
  { loser, winner }: { readonly loser: StatedDocument; readonly winner: StatedDocument },
  name: (text: string) => string,
): string {
  return `${placeOf(loser, name)} does not hold here: ${placeOf(winner, name)} decides alone`;
}

function placeOf({ by, file, line }: StatedDocument, name: (text: string) => string): string {
  return `${name(by)} (${name(`${file}:${line}`)})`;
}
