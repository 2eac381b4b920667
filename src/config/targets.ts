import type { Diagnostic, Position } from '../core/diagnostic.ts';
import { didYouMean } from '../core/suggest.ts';
import { isBlank, isMapping, mappingAt, type Field, type Mapping, type Tree } from './tree.ts';

type Choice = {
  /** Undefined without targets. Where the choice failed, the first target, so that the rest can be checked. */
  readonly name: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
};

/** The target that was asked for, else the only one, else the one with `default: true`. */
export function chooseTarget(tree: Mapping, wanted: string | undefined): Choice {
  const targets = mappingAt(tree, 'targets');
  const names = [...targets.fields.keys()];
  const defaults = [...targets.fields].filter(([, { value }]) => isDefault(value));
  const diagnostics = severalDefaults(defaults);
  if (wanted !== undefined) {
    if (targets.fields.has(wanted)) return { name: wanted, diagnostics };
    return { name: names[0], diagnostics: [...diagnostics, unknownTarget(wanted, names, targets.at)] };
  }
  if (names.length <= 1) return { name: names[0], diagnostics };
  const chosen = defaults[0]?.[0];
  if (chosen !== undefined) return { name: chosen, diagnostics };
  return {
    name: names[0],
    diagnostics: [...diagnostics, noChoice(names, tree.fields.get('targets')?.at ?? tree.at)],
  };
}

/** The names of all targets, in the order of the file. */
export function targetNames(tree: Mapping): readonly string[] {
  return [...mappingAt(tree, 'targets').fields.keys()];
}

/** The whole with one target laid over it. `keys` are those that a target may override. */
export function applyTarget(tree: Mapping, name: string, keys: readonly string[]): Mapping {
  const target = mappingAt(mappingAt(tree, 'targets'), name);
  const fields = new Map([...target.fields].filter(([key]) => keys.includes(key)));
  return merge(tree, { ...target, fields });
}

/** Mappings merge key by key, everything else replaces, `null` removes. What won keeps its place in the file. */
export function merge(base: Mapping, over: Mapping): Mapping {
  const fields = new Map(base.fields);
  for (const [key, field] of over.fields) {
    const merged = mergeField(fields.get(key), field);
    if (merged === undefined) fields.delete(key);
    else fields.set(key, merged);
  }
  return { ...base, fields };
}

function mergeField(before: Field | undefined, { at, value }: Field): Field | undefined {
  if (isBlank(value)) return undefined;
  if (!isMapping(value)) return { at, value };
  if (before !== undefined && isMapping(before.value))
    return { at: before.at, value: merge(before.value, value) };
  // A `null` that removes nothing is gone all the same.
  return { at, value: merge({ ...value, fields: new Map() }, value) };
}

function isDefault(target: Tree): boolean {
  const value = isMapping(target) ? target.fields.get('default')?.value : undefined;
  return value?.shape === 'leaf' && value.value === true;
}

function severalDefaults(defaults: readonly (readonly [string, Field])[]): readonly Diagnostic[] {
  const [first, ...more] = defaults;
  return more.map(([name, { at }]) => {
    const message = `two targets are the default: "${first?.[0]}" in line ${first?.[1].at.line} and "${name}" in line ${at.line}`;
    return { code: 'target', severity: 'error', message, at, hint: 'keep `default: true` at one of them' };
  });
}

function unknownTarget(wanted: string, names: readonly string[], at: Position): Diagnostic {
  const hint =
    names.length === 0 ? 'leave --target out, or declare it under `targets`' : didYouMean(wanted, names);
  return { code: 'target', severity: 'error', message: `there is no target "${wanted}"`, at, hint };
}

function noChoice(names: readonly string[], at: Position): Diagnostic {
  const hint = `name one with --target (${names.join(', ')}), or give one \`default: true\``;
  return {
    code: 'target',
    severity: 'error',
    message: 'there are several targets and none is the default',
    at,
    hint,
  };
}
