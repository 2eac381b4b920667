import type { Diagnostic } from '../core/diagnostic.ts';
import type { EntryPath } from '../core/entry.ts';
import type { JsonSchema } from '../kinds/kind.ts';
import { schemasAt } from './schema-walk.ts';
import { formatPath, isMapping, type Mapping, type Tree } from './tree.ts';

/** Keys of the contract that a later release brings; `*` stands for every key. One is dropped from here by entering the schema. */
const LATER: readonly (readonly string[])[] = [
  ['rules'],
  ['pipelines'],
  ['mlflow_webhooks'],
  ['alerts'],
  ['monitors'],
];

/** Takes out what this version does not support yet, with one clear error each, so that nothing else stumbles over it. */
export function dropLater(
  tree: Mapping,
  schema: JsonSchema,
): { readonly tree: Mapping; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const patterns = LATER.filter((pattern) => schemasAt(schema, pattern).length === 0);
  const everywhere = [...patterns, ...patterns.map((pattern) => ['targets', '*', ...pattern])];
  const kept = everywhere.reduce<Tree>(
    (rest, pattern) => without(rest, { pattern, path: [], diagnostics }),
    tree,
  );
  return { tree: isMapping(kept) ? kept : tree, diagnostics };
}

type Removal = {
  readonly pattern: readonly string[];
  readonly path: EntryPath;
  readonly diagnostics: Diagnostic[];
};

function without(tree: Tree, { pattern, path, diagnostics }: Removal): Tree {
  const [segment, ...rest] = pattern;
  if (!isMapping(tree) || segment === undefined) return tree;
  const fields = new Map(tree.fields);
  for (const [key, field] of tree.fields) {
    if (segment !== '*' && segment !== key) continue;
    const here = [...path, key];
    if (rest.length > 0) {
      fields.set(key, { ...field, value: without(field.value, { pattern: rest, path: here, diagnostics }) });
      continue;
    }
    fields.delete(key);
    const message = `"${formatPath(here)}" is not supported yet by this version`;
    diagnostics.push({
      code: 'not-supported-yet',
      severity: 'error',
      message,
      at: field.at,
      hint: 'leave it out for now',
    });
  }
  return { ...tree, fields };
}
