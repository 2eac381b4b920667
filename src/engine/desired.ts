import type { Diagnostic, Position } from '../core/diagnostic.ts';
import type { Entry, EntryPath } from '../core/entry.ts';
import type { Resource } from '../core/resource.ts';
import { hashRule } from '../core/remember.ts';
import type { DeclaredRule, Rule } from '../core/rule.ts';
import { ruleConflicts } from '../core/rule-conflicts.ts';
import type { DeclaredNames, Kind } from '../kinds/kind.ts';

/** What a configuration declares, by section and key, and where each thing stands. */
export type Declarations = {
  readonly sections: Readonly<Record<string, Readonly<Record<string, Entry>>>>;
  readonly positionOf: (path: EntryPath) => Position;
};

export type Desired = {
  readonly resources: readonly Resource[];
  /** Sorted by key. */
  readonly rules: readonly Rule[];
  readonly diagnostics: readonly Diagnostic[];
};

/** Pure: the file's entries -> canonical resources, and everything that is wrong with them at once. */
export function desire(declarations: Declarations, kinds: readonly Kind[]): Desired {
  const names: DeclaredNames = { keysOf: (section) => Object.keys(declarations.sections[section] ?? {}) };
  const resources = kinds.flatMap((kind) =>
    Object.entries(declarations.sections[kind.section] ?? {}).map(([key, entry]) =>
      resourceOf(kind, { key, entry, names, declarations }),
    ),
  );
  const rules = desireRules(declarations, kinds, { names, resources });
  const diagnostics = [
    ...resources.flatMap((resource) => findingsOf(resource, sectionOf(kinds, resource), declarations)),
    ...twins(resources, kinds),
    ...rules.flatMap((rule) => findingsOf(rule, ruleSectionOf(kinds, rule), declarations)),
    ...ruleConflicts(rules),
  ];
  return { resources, rules, diagnostics };
}

function desireRules(
  declarations: Declarations,
  kinds: readonly Kind[],
  { names, resources }: { readonly names: DeclaredNames; readonly resources: readonly Resource[] },
): readonly Rule[] {
  const rules = kinds.flatMap(({ name, byRule }) =>
    byRule === undefined
      ? []
      : Object.entries(declarations.sections[byRule.section] ?? {}).map(([key, entry]) =>
          ruleOf(byRule.resolve(key, entry, names), {
            kind: name,
            key,
            section: byRule.section,
            declarations,
            resources,
          }),
        ),
  );
  return rules.sort((a, b) => (a.key < b.key ? -1 : 1));
}

type RulePlace = Pick<Rule, 'kind' | 'key'> & {
  readonly section: string;
  readonly declarations: Declarations;
  readonly resources: readonly Resource[];
};

function ruleOf(declared: DeclaredRule, { kind, key, section, declarations, resources }: RulePlace): Rule {
  const { positionOf } = declarations;
  const places = Object.entries(declared.origins).map(
    ([path, origin]) => [path, positionOf([section, key, ...origin])] as const,
  );
  return {
    ...declared,
    kind,
    key,
    source: positionOf([section, key]),
    places: Object.fromEntries(places),
    statement: hashRule(declared, resources),
  };
}

function sectionOf(kinds: readonly Kind[], { kind }: Resource): string {
  return kinds.find(({ name }) => name === kind)?.section ?? '';
}

function ruleSectionOf(kinds: readonly Kind[], { kind }: Rule): string {
  return kinds.find(({ name }) => name === kind)?.byRule?.section ?? '';
}

type Item = {
  readonly key: string;
  readonly entry: Entry;
  readonly names: DeclaredNames;
  readonly declarations: Declarations;
};

function resourceOf(kind: Kind, { key, entry, names, declarations }: Item): Resource {
  const source = declarations.positionOf([kind.section, key]);
  return { ...kind.resolve(key, entry, names), kind: kind.name, key, address: `${kind.name}/${key}`, source };
}

function findingsOf(
  { key, findings }: Pick<Resource, 'key' | 'findings'>,
  section: string,
  { positionOf }: Declarations,
): readonly Diagnostic[] {
  return findings.map(({ path, code, severity, message, hint }) => {
    const at = positionOf([section, key, ...path]);
    return {
      code,
      severity,
      message: `${key}: ${message}`,
      at,
      ...(hint === undefined ? {} : { hint }),
    };
  });
}

/** Two entries that name one live object contradict each other, whatever they say. */
function twins(resources: readonly Resource[], kinds: readonly Kind[]): readonly Diagnostic[] {
  const unnamed = new Set(kinds.filter(({ isNamed }) => isNamed === false).map(({ name }) => name));
  const first = new Map<string, Resource>();
  return resources.flatMap((resource) => {
    const { kind, id, name, traits, source } = resource;
    if (id === undefined && unnamed.has(kind)) return [];
    const identity = JSON.stringify(id === undefined ? [kind, name, traits] : [kind, id]);
    const other = first.get(identity);
    if (other === undefined) {
      first.set(identity, resource);
      return [];
    }
    const place = `${other.source.file}:${other.source.line}`;
    const message = `${resource.key}: this is the same ${kind} as ${other.key} (${place})`;
    return [
      {
        code: 'same-object',
        severity: 'error',
        message,
        at: source,
        hint: 'keep one of the two entries',
      } as const,
    ];
  });
}
