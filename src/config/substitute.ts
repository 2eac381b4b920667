import type { Diagnostic, Position } from '../core/diagnostic.ts';
import { Secret } from '../core/secret.ts';
import { Ref, type Scalar } from '../core/value.ts';
import { LIMITS } from './limits.ts';
import { lookUp, type Found, type Scope } from './lookup.ts';
import { splitReferences, type Part } from './references.ts';
import type { Field, Leaf, List, Mapping, Tree } from './tree.ts';

/**
 * Puts values in place of `${...}`. A value that is nothing but one reference takes over type and all; within text
 * everything becomes text. What cannot be resolved is reported and stays, marked as broken.
 */
export function createSubstitution(scope: Scope, report: (diagnostic: Diagnostic) => void): Substitution {
  const state: State = {
    scope,
    report,
    variables: new Map(),
    open: [],
    secrets: new Map(),
    texts: new WeakMap(),
    size: 0,
  };
  return {
    resolve: (tree) => resolve(state, tree),
    resolveUnused: () => resolveUnused(state),
    secrets: () => [...state.secrets.values()],
  };
}

type Substitution = {
  readonly resolve: (tree: Tree) => Tree;
  /** Reports mistakes in variables that nothing refers to; an unset `${env.X}` harms nobody there. */
  readonly resolveUnused: () => void;
  /** Every secret met so far, the parts of composed text on their own too; one for each label. */
  readonly secrets: () => readonly Secret[];
};

type State = {
  readonly scope: Scope;
  readonly report: (diagnostic: Diagnostic) => void;
  /** Resolved variables; undefined for a broken one. */
  readonly variables: Map<string, Tree | undefined>;
  /** Variables on the way, to see a cycle. */
  readonly open: string[];
  readonly secrets: Map<string, Secret>;
  /** What a secret was made of: composing text must not need to reveal one. */
  readonly texts: WeakMap<Secret, string>;
  size: number;
};

function resolve(state: State, tree: Tree): Tree {
  if (tree.shape === 'leaf') return resolveLeaf(state, tree);
  if (tree.shape === 'list') return { ...tree, items: tree.items.map((item) => resolve(state, item)) };
  return resolveMapping(state, tree);
}

function resolveMapping(state: State, tree: Mapping): Mapping {
  const fields = new Map<string, Field>();
  for (const [key, { at, value }] of tree.fields) {
    if (key.includes('${'))
      fail(state, {
        code: 'bad-reference',
        message: 'a reference may not stand in a key',
        at,
        hint: 'write the key out',
      });
    fields.set(key, { at, value: resolve(state, value) });
  }
  return { ...tree, fields };
}

function resolveLeaf(state: State, leaf: Leaf): Tree {
  if (typeof leaf.value !== 'string' || !leaf.value.includes('${')) return leaf;
  const parts = splitReferences(leaf.value);
  const [first] = parts;
  const found =
    parts.length === 1 && first?.is === 'reference'
      ? resolvePart(state, leaf, first)
      : compose(state, leaf, parts);
  if (found === undefined || isTooLarge(state, leaf, found)) return { ...leaf, isBroken: true };
  return moveTo(leaf.at, found);
}

function resolvePart(state: State, leaf: Leaf, part: Part): Tree | undefined {
  if (part.is === 'text') return { shape: 'leaf', at: leaf.at, value: part.text };
  const at =
    leaf.textAt === undefined ? leaf.at : { ...leaf.at, column: leaf.at.column + leaf.textAt + part.offset };
  if (part.is === 'malformed') {
    return fail(state, {
      code: 'bad-reference',
      message: 'this is not a complete reference',
      at,
      hint: part.hint,
    });
  }
  return settle(state, lookUp(state.scope, part.name, at), at);
}

function settle(state: State, found: Found, at: Position): Tree | undefined {
  if (found.is === 'variable') return resolveVariable(state, found.name, found.value, at);
  if (found.is === 'value') return { shape: 'leaf', at, value: found.value };
  if (found.is === 'wrong') {
    state.report(found.diagnostic);
    return undefined;
  }
  return {
    shape: 'leaf',
    at,
    value: remember(state, `(secret ${found.name})`, [found.variable], found.text),
  };
}

function resolveVariable(state: State, name: string, written: Tree, at: Position): Tree | undefined {
  if (state.variables.has(name)) return state.variables.get(name);
  if (state.open.includes(name)) {
    const cycle = [...state.open.slice(state.open.indexOf(name)), name].join(' -> ');
    const message = `variables refer to each other in a circle: ${cycle}`;
    return fail(state, { code: 'variable-cycle', message, at, hint: 'give one of them a value' });
  }
  state.open.push(name);
  const resolved = resolve(state, written);
  state.open.pop();
  // A mapping is no value for a variable, which the schema says in its own words.
  const value = resolved.shape === 'mapping' || hasBrokenLeaf(resolved) ? undefined : resolved;
  state.variables.set(name, value);
  return value;
}

function compose(state: State, leaf: Leaf, parts: readonly Part[]): Leaf | undefined {
  const values: (Scalar | Secret)[] = [];
  for (const part of parts) {
    const found = resolvePart(state, leaf, part);
    if (found === undefined) return undefined;
    const value = found.shape === 'leaf' ? found.value : undefined;
    if (value === undefined || value === null || value instanceof Ref)
      return refuseInText(state, found, leaf.at);
    values.push(value);
  }
  const secrets = values.filter((value) => value instanceof Secret);
  if (secrets.length === 0) return { shape: 'leaf', at: leaf.at, value: values.join('') };
  const variables = [...new Set(secrets.flatMap((secret) => secret.variables))];
  const texts = values.map((value) => (value instanceof Secret ? state.texts.get(value) : String(value)));
  // A text of which a secret part is missing is not available, however much of it is there.
  const isWhole = secrets.every((secret) => secret.isAvailable);
  return {
    shape: 'leaf',
    at: leaf.at,
    value: remember(state, values.join(''), variables, isWhole ? texts.join('') : undefined),
  };
}

function remember(
  state: State,
  label: string,
  variables: readonly string[],
  text: string | undefined,
): Secret {
  const secret = state.secrets.get(label) ?? Secret.of(label, variables, text);
  state.secrets.set(label, secret);
  if (text !== undefined) state.texts.set(secret, text);
  return secret;
}

function refuseInText(state: State, found: Tree, at: Position): undefined {
  const isRef = found.shape === 'leaf' && found.value instanceof Ref;
  const what = isRef ? 'the id of a destination' : found.shape === 'leaf' ? 'an empty value' : 'a list';
  return fail(state, {
    code: 'bad-reference',
    message: `${what} may not stand inside text`,
    at,
    hint: 'it can only be the whole value',
  });
}

/** Text that doubles itself from variable to variable would fill the memory. */
function isTooLarge(state: State, leaf: Leaf, found: Tree): boolean {
  const wasWithin = state.size <= LIMITS.substitutedSize;
  state.size += sizeOf(found);
  if (state.size <= LIMITS.substitutedSize) return false;
  if (wasWithin) {
    fail(state, {
      code: 'too-large',
      message: 'variables make the configuration too large',
      at: leaf.at,
      hint: 'use fewer or shorter ones',
    });
  }
  return true;
}

/** What a reference adds to the tree; one that stays a short text adds next to nothing. */
function sizeOf(tree: Tree): number {
  if (tree.shape === 'list') return tree.items.reduce((sum, item) => sum + 1 + sizeOf(item), 0);
  return tree.shape === 'leaf' && typeof tree.value === 'string' ? tree.value.length / 100 : 0;
}

/** What stands in place of a reference is found where the reference stands. */
function moveTo(at: Position, tree: Tree): Tree {
  if (tree.shape === 'leaf') return { shape: 'leaf', at, value: tree.value };
  return tree.shape === 'list'
    ? ({ ...tree, at, items: tree.items.map((item) => moveTo(at, item)) } satisfies List)
    : { ...tree, at };
}

function hasBrokenLeaf(tree: Tree): boolean {
  if (tree.shape === 'leaf') return tree.isBroken === true;
  return tree.shape === 'list' && tree.items.some(hasBrokenLeaf);
}

function resolveUnused(state: State): void {
  const quiet: State = {
    ...state,
    report: (diagnostic) => diagnostic.code !== 'undefined-environment' && state.report(diagnostic),
  };
  for (const [name, { at, value }] of state.scope.variables) resolveVariable(quiet, name, value, at);
}

function fail(state: State, mistake: Omit<Diagnostic, 'severity'>): undefined {
  state.report({ severity: 'error', ...mistake });
}
