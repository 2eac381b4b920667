import type { Diagnostic } from '../core/diagnostic.ts';
import { isEntry } from '../core/entry.ts';
import type { Secret } from '../core/secret.ts';
import type { JsonSchema } from '../kinds/kind.ts';
import { check } from './check.ts';
import { ADDRESS_LISTS } from './address-schema.ts';
import type { Scope } from './lookup.ts';
import { referencesIn } from './references.ts';
import { judgeReferences } from './judge-references.ts';
import { judgeAvailability, judgeSecrets, literalSecretsIn } from './secrets.ts';
import { judgeSettings } from './settings.ts';
import { createSubstitution } from './substitute.ts';
import { applyTarget } from './targets.ts';
import {
  isMapping,
  leavesOf,
  mappingAt,
  positionAt,
  toEntryValue,
  valueAt,
  withField,
  type Mapping,
  type Tree,
} from './tree.ts';

type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly schema: JsonSchema;
  readonly sections: readonly string[];
};

/** The tree as it holds for one target, with values in place of references. */
export type Built = {
  readonly tree: Mapping;
  readonly target: string | undefined;
  readonly secrets: readonly Secret[];
  readonly diagnostics: readonly Diagnostic[];
};

/** Lays the target over the file, puts values in, and checks the result; each step tells its mistakes and goes on. */
export function build(
  written: Mapping,
  target: string | undefined,
  { env, schema, sections }: Surroundings,
): Built {
  const diagnostics: Diagnostic[] = [];
  const keys = ['settings', ...ADDRESS_LISTS, ...sections];
  const merged = target === undefined ? written : applyTarget(written, target, ['variables', ...keys]);
  const scope = scopeOf(written, merged, { target, env });
  const substitution = createSubstitution(scope, (diagnostic) => diagnostics.push(diagnostic));
  const parts = keys.filter((key) => merged.fields.has(key)).map((key) => [key]);
  const places =
    target === undefined
      ? []
      : [
          ['targets', target, 'host'],
          ['targets', target, 'profile'],
        ];
  const resolved = [...parts, ...places].reduce(
    (tree, path) => replaceAt(tree, path, substitution.resolve),
    merged,
  );
  substitution.resolveUnused();
  const judged = judgeSecrets(resolved, { schema, allowsPlaintext: allowsPlaintext(resolved) });
  diagnostics.push(
    ...judged.diagnostics,
    ...check(judged.tree, schema),
    ...judgeAvailability(judged.tree, env),
  );
  diagnostics.push(...judgeReferences(judged.tree), ...settingsDiagnostics(judged.tree));
  return {
    tree: judged.tree,
    target,
    secrets: [...substitution.secrets(), ...literalSecretsIn(judged.tree)],
    diagnostics,
  };
}

function scopeOf(
  written: Mapping,
  merged: Mapping,
  { target, env }: { readonly target: string | undefined; readonly env: Scope['env'] },
): Scope {
  const targets = mappingAt(written, 'targets');
  const secretMaps = [...targets.fields.keys()].map((name) => mappingAt(mappingAt(targets, name), 'secrets'));
  const own = target === undefined ? undefined : mappingAt(mappingAt(targets, target), 'secrets');
  return {
    variables: mappingAt(merged, 'variables').fields,
    env,
    target: target ?? null,
    secretNames: new Map(own === undefined ? [] : textsOf(own)),
    destinations: new Set(mappingAt(merged, 'destinations').fields.keys()),
    secretVariables: new Set([...secretsReferredTo(written), ...secretMaps.flatMap(textsOf).flat()]),
  };
}

function textsOf(mapping: Mapping): readonly (readonly [string, string])[] {
  return [...mapping.fields].flatMap(([key, { value }]) =>
    value.shape === 'leaf' && typeof value.value === 'string' ? [[key, value.value] as const] : [],
  );
}

function* secretsReferredTo(tree: Tree): Generator<string> {
  for (const [, { value }] of leavesOf(tree)) {
    if (typeof value !== 'string' || !value.includes('${')) continue;
    for (const name of referencesIn(value))
      if (name.startsWith('secrets.')) yield name.slice('secrets.'.length);
  }
}

function replaceAt(tree: Mapping, path: readonly string[], change: (tree: Tree) => Tree): Mapping {
  const [key, ...rest] = path;
  const value = key === undefined ? undefined : tree.fields.get(key)?.value;
  if (key === undefined || value === undefined) return tree;
  if (rest.length === 0) return withField(tree, key, change(value));
  return isMapping(value) ? withField(tree, key, replaceAt(value, rest, change)) : tree;
}

function allowsPlaintext(tree: Mapping): boolean {
  const setting = valueAt(tree, ['settings', 'allow_plaintext_secrets']);
  return setting?.shape === 'leaf' && setting.value === true;
}

function settingsDiagnostics(tree: Mapping): readonly Diagnostic[] {
  const settings = toEntryValue(mappingAt(tree, 'settings'));
  if (!isEntry(settings)) return [];
  return judgeSettings(settings).map(({ path, ...finding }) => ({
    ...finding,
    at: positionAt(tree, ['settings', ...path]),
  }));
}
