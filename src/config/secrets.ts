import type { Diagnostic } from '../core/diagnostic.ts';
import type { EntryPath } from '../core/entry.ts';
import { Secret } from '../core/secret.ts';
import type { JsonSchema } from '../kinds/kind.ts';
import { asSchema, branchesOf, stepInto } from './schema-walk.ts';
import { hostOfSecretUrl } from '../core/secret-url.ts';
import { formatPath, isMapping, leavesOf, type Field, type Leaf, type Mapping, type Tree } from './tree.ts';

type SecretRules = { readonly schema: JsonSchema; readonly allowsPlaintext: boolean };

/** Makes secrets of literals that are secrets, and reports secrets and literals that stand where they may not. */
export function judgeSecrets(
  tree: Mapping,
  rules: SecretRules,
): { readonly tree: Mapping; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const walk: Walk = { allowsPlaintext: rules.allowsPlaintext, places: placesOf(rules.schema), diagnostics };
  const judged = judge(walk, tree, { schemas: [rules.schema], path: [] });
  return { tree: isMapping(judged) ? judged : tree, diagnostics };
}

/** One warning for each environment variable that is not set, naming every field that needs it. */
export function judgeAvailability(
  tree: Tree,
  env: Readonly<Record<string, string | undefined>>,
): readonly Diagnostic[] {
  const missing = new Map<string, { readonly leaf: Leaf; readonly fields: string[] }>();
  for (const [path, leaf] of leavesOf(tree)) {
    const secret = leaf.value;
    if (!(secret instanceof Secret) || secret.isAvailable || leaf.isBroken === true) continue;
    for (const variable of secret.variables.filter((name) => (env[name] ?? '').trim() === '')) {
      const known = missing.get(variable);
      if (known === undefined) missing.set(variable, { leaf, fields: [formatPath(path)] });
      else known.fields.push(formatPath(path));
    }
  }
  return [...missing].map(([variable, { leaf, fields }]) => ({
    code: 'secret-unavailable',
    severity: 'warning',
    message: `the secret ${variable} is not set, so nothing can be said about ${fields.join(', ')}`,
    at: leaf.at,
    hint: `set the environment variable ${variable}; in a workflow, pass it under \`env:\``,
  }));
}

/** The secrets that stand in the file as they are; every one, as they share their labels. */
export function literalSecretsIn(tree: Tree): readonly Secret[] {
  return [...leavesOf(tree)].flatMap(([, { value }]) =>
    value instanceof Secret && value.variables.length === 0 ? [value] : [],
  );
}

type Walk = {
  readonly allowsPlaintext: boolean;
  readonly places: readonly string[];
  readonly diagnostics: Diagnostic[];
};
type Spot = { readonly schemas: readonly JsonSchema[]; readonly path: EntryPath };

function judge(walk: Walk, tree: Tree, { schemas, path }: Spot): Tree {
  // Nothing is known here: an unknown key, or a part that is not checked; that is reported elsewhere.
  if (schemas.length === 0) return tree;
  if (tree.shape === 'leaf') return judgeLeaf(walk, tree, { schemas, path });
  const spotOf = (segment: string | number): Spot => ({
    schemas: stepInto(schemas, segment),
    path: [...path, segment],
  });
  if (tree.shape === 'list')
    return { ...tree, items: tree.items.map((item, index) => judge(walk, item, spotOf(index))) };
  const fields = new Map<string, Field>();
  for (const [key, field] of tree.fields)
    fields.set(key, { ...field, value: judge(walk, field.value, spotOf(key)) });
  return { ...tree, fields };
}

function judgeLeaf(walk: Walk, leaf: Leaf, { schemas, path }: Spot): Leaf {
  const { value } = leaf;
  const secrecy = schemas
    .flatMap(branchesOf)
    .map((schema) => schema['x-secret'])
    .find((rule) => rule !== undefined);
  if (value instanceof Secret && secrecy === undefined) return refuseSecret(walk, leaf, path);
  if (typeof value !== 'string' || value.trim() === '' || leaf.isBroken === true) return leaf;
  if (secrecy === 'always') return judgePlaintext(walk, { ...leaf, value }, path);
  const host = secrecy === 'url' ? hostOfSecretUrl(value) : undefined;
  return host === undefined ? leaf : { ...leaf, value: Secret.of(`(secret url at ${host})`, [], value) };
}

function judgePlaintext(walk: Walk, leaf: Leaf & { readonly value: string }, path: EntryPath): Leaf {
  if (walk.allowsPlaintext) return { ...leaf, value: Secret.of('(secret literal)', [], leaf.value) };
  walk.diagnostics.push({
    code: 'plaintext-secret',
    severity: 'error',
    message: `${formatPath(path)} is a secret, and its value may not stand in the file`,
    at: leaf.at,
    hint: 'write ${secrets.NAME} and set the environment variable NAME; if this value was committed, it is no longer a secret: replace it',
  });
  return { ...leaf, isBroken: true };
}

function refuseSecret(walk: Walk, leaf: Leaf, path: EntryPath): Leaf {
  const hint = `secrets may stand below ${walk.places.join(', ')}`;
  const message = `${formatPath(path)} can be read by anybody, so a secret may not stand there`;
  walk.diagnostics.push({ code: 'secret-not-allowed', severity: 'error', message, at: leaf.at, hint });
  return { ...leaf, isBroken: true };
}

/** Every path of the schema below which a secret may stand, `*` for any key. */
function placesOf(schema: JsonSchema, path: readonly string[] = []): readonly string[] {
  if (schema['x-secret'] !== undefined) return [path.slice(0, -1).join('.')];
  const below = branchesOf(schema).flatMap(childrenOf);
  return [
    ...new Set(
      below.flatMap(([segment, child]) => placesOf(child, segment === '' ? path : [...path, segment])),
    ),
  ];
}

function childrenOf(schema: JsonSchema): readonly (readonly [string, JsonSchema])[] {
  const properties = Object.entries(asSchema(schema['properties']) ?? {});
  const all: readonly (readonly [string, unknown])[] = [
    ...properties,
    ['*', schema['additionalProperties']],
    ['', schema['items']],
  ];
  return all.flatMap(([segment, value]) => {
    const child = asSchema(value);
    return child === undefined ? [] : [[segment, child] as const];
  });
}
