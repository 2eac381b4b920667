import { ageText } from '../core/secret-age.ts';
import type { PlainValue, ShowDocument, ShownObject } from '../core/document.ts';
import { addressSchema, outputsSchema } from './change-schema.ts';
import { inert, inertName, printable } from './inert.ts';
import { type TextOptions, pageOf, spaced } from './page.ts';
import { type Schema, closed, count, listOf, nullable, typed } from './schema-words.ts';
import { plural } from './words.ts';

/** What is on record, as it is now, for a terminal; `now` is in milliseconds since 1970. */
export function renderShowText(document: ShowDocument, now: number, options: TextOptions = {}): string {
  const { paint } = pageOf(options);
  const { objects, recorded, workspace } = document;
  const orphans = objects.filter(({ orphan }) => orphan).length;
  const left = orphans === 0 ? '' : `, ${plural(orphans, 'orphan')} among them`;
  const head = `${plural(objects.length, 'object')} on record for ${workspace.host}${left}`;
  const saved =
    recorded === null ? 'there is no record' : `saved ${recorded.at} by ${inertName(recorded.identity)}`;
  const blocks = objects.map((shown) => [
    paint.strong(`${inertName(shown.address)}  ${inertName(shown.display)}`),
    ...linesOf(shown, now).map((line) => `  ${line}`),
  ]);
  const { covered = 0 } = document;
  const rest =
    covered === 0
      ? []
      : [
          `Besides, rules cover ${plural(covered, 'job')} on record: name one to see it, for example "job/etl-*"`,
        ];
  return printable(spaced([[paint.strong(head), paint.faint(saved)], ...blocks, rest]));
}

/** One JSON document with a trailing newline. */
export function renderShowJson(document: ShowDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

export function showSchema(): Schema {
  const text = typed('string', 'A text');
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:lakebell:show:1',
    title: 'lakebell show',
    ...closed(
      {
        format_version: typed('string', 'Version of this format'),
        tool: closed({ name: text, version: text }, 'What made this document'),
        workspace: closed(
          { target: nullable(text), host: text, workspace_id: text, identity: text },
          'Where and as whom it was read',
        ),
        recorded: nullable(
          closed(
            { at: text, identity: text, serial: typed('integer', 'Counts saves') },
            'When it was saved last',
          ),
        ),
        objects: listOf(objectSchema(), 'Every object on record that was asked for'),
      },
      'What is managed, as it is now',
      { covered: count('Objects that only rules speak of, and that nobody asked for') },
    ),
  };
}

function objectSchema(): Schema {
  const text = typed('string', 'A text');
  const field: Schema = {
    description: 'A value, or a list of them',
    type: ['string', 'number', 'boolean', 'null', 'array'],
  };
  const fields: Schema = {
    description: 'Live fields by path; null where the object is gone',
    type: 'object',
    additionalProperties: field,
  };
  const secrets: Schema = {
    description: 'Field -> when its secret was applied',
    type: 'object',
    additionalProperties: text,
  };
  return closed(
    {
      address: addressSchema(),
      key: text,
      id: text,
      display: text,
      orphan: typed('boolean', 'True where the file no longer declares it'),
      fields: nullable(fields),
      outputs: outputsSchema(),
      secrets,
    },
    'One object',
  );
}

function linesOf(shown: ShownObject, now: number): readonly string[] {
  const { id, key, orphan, fields, outputs, secrets } = shown;
  const known = [`key: ${inert(key)}`, `id: ${inert(id)}`, ...(orphan ? [ORPHAN] : [])];
  if (fields === null) return [...known, 'gone from the workspace'];
  const told = Object.entries(outputs).map(([name, value]) => `${inert(name)}: ${inert(value)}`);
  const live = Object.entries(fields).map(([path, value]) => `${inert(path)}: ${inert(textOf(value))}`);
  const applied = Object.entries(secrets).map(
    ([path, at]) => `${inert(path)}: secret applied ${ageText(now - Date.parse(at))} ago (${inert(at)})`,
  );
  return [...known, ...told, ...live, ...applied];
}

const ORPHAN = 'orphan: on record, and no longer in the file';

function textOf(value: PlainValue): string {
  return Array.isArray(value) ? value.map(String).join(', ') : String(value);
}
