import type { HistoryDocument, PlainValue, ShownApply, ShownHistoryChange } from '../core/document.ts';
import { addressSchema } from './change-schema.ts';
import { inert, inertJson, inertName, printable } from './inert.ts';
import { type Page, type TextOptions, pageOf, spaced } from './page.ts';
import { type Schema, closed, count, listOf, nullable, typed } from './schema-words.ts';
import { plural } from './words.ts';

/** Recorded applies for a terminal, newest first; `verbose` tells each change with what it found and left. */
export function renderHistoryText(document: HistoryDocument, options: TextOptions = {}): string {
  const page = pageOf(options);
  const { applies, workspace } = document;
  const head = `${plural(applies.length, 'apply', 'applies')} on record for ${workspace.host}`;
  const blocks = applies.map((apply) => applyText(apply, page));
  const listed = page.verbose ? spaced(blocks) : blocks.flat();
  return printable(spaced([[page.paint.strong(head)], listed]));
}

/** One JSON document with a trailing newline. */
export function renderHistoryJson(document: HistoryDocument): string {
  return `${inertJson(JSON.stringify(document, null, 2))}\n`;
}

export function historySchema(): Schema {
  const text = typed('string', 'A text');
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:lakebell:history:1',
    title: 'lakebell history',
    ...closed(
      {
        format_version: typed('string', 'Version of this format'),
        tool: closed({ name: text, version: text }, 'What made this document'),
        workspace: closed(
          { target: nullable(text), host: text, workspace_id: text, identity: text },
          'Where and as whom the record was read',
        ),
        applies: listOf(applySchema(), 'Recorded applies, newest first'),
      },
      'What was applied, as far as it is remembered',
    ),
  };
}

function applySchema(): Schema {
  const text = typed('string', 'A text');
  return closed(
    {
      serial: count('Serial of the record that it saved; `rollback` takes it'),
      at: text,
      identity: text,
      finished: typed('boolean', 'False where the run died: not all of its changes may have been written'),
      rolls_back: nullable(count('Serial of the apply that it undid')),
      summary: {
        description: 'Verb -> number of objects',
        type: 'object',
        additionalProperties: count('How many'),
      },
      changes: listOf(changeSchema(), 'What it changed'),
    },
    'One apply',
  );
}

function changeSchema(): Schema {
  const value: Schema = {
    description: 'A value, or a list of them; a secret is named, never shown',
    type: ['string', 'number', 'boolean', 'null', 'array'],
  };
  const text = typed('string', 'A text');
  return closed(
    {
      address: addressSchema(),
      verb: text,
      fields: listOf(closed({ path: text, before: value, after: value }, 'One field'), 'Fields by path'),
      not_undoable: nullable(typed('string', 'Why `rollback` cannot undo it')),
    },
    'What was done to one object',
  );
}

function applyText(apply: ShownApply, page: Page): readonly string[] {
  const { serial, at, identity, summary, rolls_back, finished, changes } = apply;
  const counts = Object.entries(summary).map(([verb, number]) => `${number} ${inertName(verb)}`);
  const parts = [
    String(serial),
    inert(at),
    inertName(identity),
    counts.join(', ') || 'nothing written',
    ...(rolls_back === null ? [] : [`undid ${rolls_back}`]),
    ...(finished ? [] : ['interrupted: not all of it may have been written']),
  ];
  const head = parts.join('  ');
  return page.verbose ? [page.paint.strong(head), ...changes.flatMap(changeText)] : [head];
}

function changeText({ address, verb, fields, not_undoable }: ShownHistoryChange): readonly string[] {
  return [
    `  ${inertName(verb)}  ${inertName(address)}`,
    ...fields.map(({ path, before, after }) => `      ${inert(path)}: ${textOf(before)} -> ${textOf(after)}`),
    ...(not_undoable === null ? [] : [`      ${inert(not_undoable)}`]),
  ];
}

function textOf(value: PlainValue): string {
  if (value === null || value === '') return '(unset)';
  return Array.isArray(value)
    ? `[${value.map((item) => inert(String(item))).join(', ')}]`
    : inert(String(value));
}
