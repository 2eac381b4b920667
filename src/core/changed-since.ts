import { recordable, translateSpec } from './diff.ts';
import { type Directory, translate } from './directory.ts';
import type { Match } from './match.ts';
import type { PlanContext } from './plan-parts.ts';
import type { RecordedObject } from './record.ts';
import { type FieldRule, type Observed, gapAt, ruleFor } from './resource.ts';
import { Secret } from './secret.ts';
import type { Wanted } from './undoing.ts';
import { type Value, isEmpty, isList, isSame } from './value.ts';

/**
 * Why an apply cannot be undone on an object as it is now: somebody changed what that apply left, to something that is
 * not what it shall be again either. Both values are named; undefined where nothing is in the way.
 */
export function changedSince(
  wanted: Wanted,
  found: Match | undefined,
  context: PlanContext,
): string | undefined {
  if (found?.state !== 'found') return undefined;
  const { resource, left, how } = wanted;
  if (how === 'again' && found.by === 'name')
    return `there is a ${resource.kind} called "${found.observed.name}" again, and it is not the one that was deleted`;
  const seen = {
    observed: found.observed,
    recorded: recordedOf(wanted, found.observed, context),
    rules: context.kindOf(resource.kind)?.rules ?? [],
    directory: context.directory,
  };
  const other = Object.keys(left).find((path) => {
    const values = [left[path], resource.wishes[path]?.value].map((value) => value ?? null);
    return !values.some((value) => isNow(path, value, seen));
  });
  if (other === undefined) return undefined;
  return `${other} is ${nowAt(other, seen)} now, and that apply left ${inWords(left[other], seen)}`;
}

type Seen = {
  readonly observed: Observed;
  readonly recorded: RecordedObject | undefined;
  readonly rules: readonly FieldRule[];
  readonly directory: Directory;
};

/** What is known of another object that goes by the address says nothing about this one. */
function recordedOf(
  { resource }: Wanted,
  { id }: Observed,
  { record }: PlanContext,
): RecordedObject | undefined {
  const recorded = record?.objects[resource.address];
  return recorded?.id === id ? recorded : undefined;
}

function isNow(path: string, value: Value, seen: Seen): boolean {
  const { observed, recorded, directory } = seen;
  const live = translateSpec(observed.spec, directory)[path];
  if (isUnseen(path, seen)) {
    if (gapAt(observed.gaps, path) === undefined && isEmpty(live)) return isEmpty(value);
    return (
      recorded === undefined || isSame(appliedAt(path, recorded), recordable(translate(value, directory)))
    );
  }
  if (value instanceof Secret) return isSecretNow(value, live, recorded?.secrets[path]?.label);
  if (live instanceof Secret) return typeof value === 'string' && live.isText(value);
  return isSame(live, translate(value, directory));
}

/** Without its value only its reference can be told from another one. */
function isSecretNow(secret: Secret, live: Value | undefined, label: string | undefined): boolean {
  if (!secret.isAvailable) return secret.label === label;
  return live instanceof Secret ? secret.isSameAs(live) : typeof live === 'string' && secret.isText(live);
}

/** Cannot be read, or not by this identity: then the record has to tell. */
function isUnseen(path: string, { observed, rules }: Seen): boolean {
  return ruleFor(rules, path)?.writeOnly !== undefined || gapAt(observed.gaps, path) !== undefined;
}

function appliedAt(path: string, { secrets, applied }: RecordedObject): Value {
  return secrets[path]?.label ?? applied[path] ?? null;
}

/** What stands where a secret was applied may be one too, whatever it looks like. */
function nowAt(path: string, seen: Seen): string {
  const { observed, recorded } = seen;
  const live = observed.spec[path];
  if (isUnseen(path, seen))
    return recorded === undefined ? 'unset' : inWords(appliedAt(path, recorded), seen);
  const isConcealed = recorded?.secrets[path] !== undefined || live instanceof Secret;
  return isConcealed && !isEmpty(live) ? 'another secret' : inWords(live, seen);
}

function inWords(value: Value | undefined, { directory }: Seen): string {
  if (value === undefined || isEmpty(value)) return 'unset';
  const translated = translate(value, directory);
  return isList(translated) ? translated.map(String).sort().join(', ') : String(translated);
}
