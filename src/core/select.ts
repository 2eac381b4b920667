import { matchesGlob } from './glob.ts';

/** What an object is like, by the name of the feature, for example `name`, `tags.env`, `has_schedule`; absent ones are left out. */
export type Features = Readonly<Record<string, string | boolean>>;

/** One feature must be one of these: a text is a glob, `true` is any value but `false`. */
export type Criterion = { readonly feature: string; readonly anyOf: readonly (string | boolean)[] };

/** Meets every criterion of `all`, and not all of those of `exclude`. */
export type Selector = { readonly all: readonly Criterion[]; readonly exclude: readonly Criterion[] };

/** `unknown`: it depends on a feature that the reading does not tell. */
export type Verdict = 'yes' | 'no' | 'unknown';

/** @param untold features, or prefixes of features, about which the reading says nothing, whatever it shows. */
export function select(selector: Selector, features: Features, untold: readonly string[] = []): Verdict {
  const meets = (criterion: Criterion): Verdict => judge(criterion, features, untold);
  const chosen = every(selector.all.map(meets));
  if (chosen === 'no' || selector.exclude.length === 0) return chosen;
  const excluded = every(selector.exclude.map(meets));
  return every([chosen, excluded === 'yes' ? 'no' : excluded === 'no' ? 'yes' : 'unknown']);
}

/** Whether whatever the first selects is selected by the second too, as far as the texts alone can tell. */
export function isWithin(inner: Selector, outer: Selector): boolean {
  const isImplied = (criterion: Criterion): boolean => inner.all.some((own) => isNarrower(own, criterion));
  const excludesLess =
    outer.exclude.length === 0 ||
    (inner.exclude.length > 0 &&
      inner.exclude.every((own) => outer.exclude.some((criterion) => isNarrower(criterion, own))));
  return outer.all.every(isImplied) && excludesLess;
}

function isNarrower(inner: Criterion, outer: Criterion): boolean {
  return inner.feature === outer.feature && inner.anyOf.every((one) => outer.anyOf.includes(one));
}

/** Those of the `untold` features, or prefixes of features, that a selector asks about. */
export function askedOf({ all, exclude }: Selector, untold: readonly string[]): readonly string[] {
  return untold.filter((prefix) => [...all, ...exclude].some(({ feature }) => isUnder(feature, prefix)));
}

function isUnder(feature: string, prefix: string): boolean {
  return feature === prefix || feature.startsWith(`${prefix}.`);
}

function judge({ feature, anyOf }: Criterion, features: Features, untold: readonly string[]): Verdict {
  if (untold.some((prefix) => isUnder(feature, prefix))) return 'unknown';
  const value = features[feature];
  return value !== undefined && anyOf.some((wanted) => isMet(wanted, value)) ? 'yes' : 'no';
}

function isMet(wanted: string | boolean, value: string | boolean): boolean {
  if (typeof wanted === 'string') return typeof value === 'string' && matchesGlob(wanted, value);
  return wanted === (value !== false);
}

function every(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('no')) return 'no';
  return verdicts.includes('unknown') ? 'unknown' : 'yes';
}
