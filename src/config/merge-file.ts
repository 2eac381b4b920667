import type { Diagnostic, Position } from '../core/diagnostic.ts';
import { isBlank, isMapping, type Field, type Mapping } from './tree.ts';

/** Keys that only the main file may hold: one reader must be able to see there where a run goes and what guards it. */
const MAIN_ONLY: readonly string[] = ['settings', 'targets', 'name', 'include'];

/** Adds an included file's sections to the whole. The same key twice is an error that names both places. */
export function mergeFile(
  whole: Mapping,
  part: Mapping,
): { readonly tree: Mapping; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const fields = new Map(whole.fields);
  for (const [key, field] of part.fields) {
    if (key === 'version') diagnostics.push(...judgeVersion(whole, field));
    else if (MAIN_ONLY.includes(key)) diagnostics.push(mainOnly(key, field.at));
    else if (!isBlank(field.value)) fields.set(key, mergeSection(key, fields.get(key), field, diagnostics));
  }
  return { tree: { ...whole, fields }, diagnostics };
}

function mergeSection(
  section: string,
  whole: Field | undefined,
  part: Field,
  diagnostics: Diagnostic[],
): Field {
  if (whole === undefined || isBlank(whole.value)) return part;
  if (!isMapping(whole.value) || !isMapping(part.value)) {
    diagnostics.push(twice(`"${section}"`, whole.at, part.at));
    return whole;
  }
  const fields = new Map(whole.value.fields);
  for (const [key, field] of part.value.fields) {
    const first = fields.get(key);
    if (first === undefined) fields.set(key, field);
    else diagnostics.push(twice(`${section} "${key}"`, first.at, field.at));
  }
  return { at: whole.at, value: { ...whole.value, fields } };
}

function judgeVersion(whole: Mapping, { value }: Field): readonly Diagnostic[] {
  const main = whole.fields.get('version')?.value;
  const isSame = value.shape === 'leaf' && (main?.shape !== 'leaf' || main.value === value.value);
  if (isSame) return [];
  const message = 'an included file must be of the same version as the main file';
  return [
    { code: 'include-key', severity: 'error', message, at: value.at, hint: 'leave `version` out here' },
  ];
}

function mainOnly(key: string, at: Position): Diagnostic {
  const message = `an included file may not hold "${key}"`;
  return { code: 'include-key', severity: 'error', message, at, hint: 'move it to the main file' };
}

function twice(what: string, first: Position, second: Position): Diagnostic {
  const places = `${first.file}:${first.line} and ${second.file}:${second.line}`;
  return {
    code: 'duplicate-key',
    severity: 'error',
    message: `${what} stands twice: ${places}`,
    at: second,
    hint: 'keep one of them',
  };
}
