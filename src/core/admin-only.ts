import type { FieldChange } from './change.ts';
import { type FieldRule, type Observed, ruleFor } from './resource.ts';
import { type Item, type Spec, isList, keyOf, membersOf } from './value.ts';

/**
 * The same object as an identity sees it that is no workspace admin. Plans are often made by such a one and applied by
 * an admin, and both must come to the same operation.
 */
export function hideAdminOnly(observed: Observed, rules: readonly FieldRule[]): Observed {
  const hidden = rules.flatMap(({ path, adminOnly }) =>
    adminOnly === undefined ? [] : [{ prefix: path, why: adminOnly }],
  );
  return { ...observed, gaps: [...observed.gaps, ...hidden] };
}

/** Fields that were compared with the record, laid over what an admin reads: what others changed since then stays. */
export function rebase(
  fields: readonly FieldChange[],
  live: Spec,
  rules: readonly FieldRule[],
): readonly FieldChange[] {
  return fields.map((field) => {
    const before = live[field.path];
    const isReadable = ruleFor(rules, field.path)?.writeOnly === undefined;
    return field.verdict === 'assumed' && isReadable && isList(before) && isList(field.after)
      ? { ...field, before, after: moved(before, membersOf(field.before), field.after) }
      : field;
  });
}

function moved(live: readonly Item[], from: readonly Item[], to: readonly Item[]): readonly Item[] {
  const keys = (items: readonly Item[]): ReadonlySet<string> => new Set(items.map(keyOf));
  const [was, is, there] = [keys(from), keys(to), keys(live)];
  const kept = live.filter((item) => is.has(keyOf(item)) || !was.has(keyOf(item)));
  return [...kept, ...to.filter((item) => !was.has(keyOf(item)) && !there.has(keyOf(item)))];
}
