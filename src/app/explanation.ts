import type { ExplanationDocument } from '../core/document.ts';
import { SettingsError } from '../core/errors.ts';
import { isDraftAddress } from '../core/coverage.ts';
import { explain } from '../core/explain.ts';
import { isNamedBy } from '../core/guard.ts';
import type { Observed, Resource } from '../core/resource.ts';
import type { LiveState } from '../engine/live.ts';
import { KINDS } from '../kinds/index.ts';
import { explanationDocument } from '../report/plan-document.ts';

type Asked = {
  /** Patterns of `--explain`. */
  readonly patterns: readonly string[];
  /** The file's own entries, before rules were laid over them. */
  readonly entries: readonly Resource[];
};

/** @throws SettingsError where a pattern names nothing that was found: an empty answer would look like "nobody". */
export function explanationsOf(
  live: LiveState,
  { patterns, entries }: Asked,
): readonly ExplanationDocument[] {
  if (patterns.length === 0) return [];
  const found = live.resources.flatMap((resource) => {
    const match = live.matches.get(resource.address);
    return match?.state === 'found' ? [{ resource, observed: match.observed }] : [];
  });
  return patterns.flatMap((pattern) => {
    const meant = found.filter(({ resource, observed }) => isNamedBy(pattern, namesOf(resource, observed)));
    if (meant.length === 0) {
      const hint =
        'name a job by address, key or name, for example "job/etl-*"; what no rule and no entry speaks of is left alone';
      throw new SettingsError(
        `--explain ${pattern} names nothing that the file speaks of and that was found`,
        { hint },
      );
    }
    return meant.map(({ resource, observed }) => {
      const entry = entries.find(({ address }) => address === resource.address);
      const section = KINDS.find(({ name }) => name === resource.kind)?.section ?? resource.kind;
      const fields = explain({ resource, observed, entry, by: `${section}.${resource.key}` }, live.directory);
      const { address, display } = namesOf(resource, observed);
      return explanationDocument({ address, display, fields }, live.directory);
    });
  });
}

function namesOf(resource: Resource, observed: Observed) {
  const { kind, key, address } = resource;
  const isPart = KINDS.find(({ name }) => name === kind)?.ownership === 'part';
  const id = isPart || isDraftAddress(resource) ? `${kind}/${observed.id}` : address;
  return { address: id, kind, key, display: observed.name };
}
