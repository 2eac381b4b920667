import type { Change } from '../core/change.ts';
import { isDraftAddress } from '../core/coverage.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { RuleDocument } from '../core/document.ts';
import type { RecordDocument } from '../core/record.ts';
import type { Resource } from '../core/resource.ts';
import type { Rule } from '../core/rule.ts';
import { type RuleTally, plannedOf, ruleFindings, tallyRules } from '../core/rule-tally.ts';
import type { Address } from '../core/value.ts';
import type { LiveState } from '../engine/live.ts';

type Covered = {
  readonly live: LiveState;
  /** Of the whole plan. */
  readonly changes: readonly Change[];
  readonly record: RecordDocument | null;
};

/** What is to be said of rules: what each came to, what of them does not hold, what is left of those that are gone. */
export function coverageOf(
  rules: readonly Rule[],
  { live, changes, record }: Covered,
): {
  readonly rules: readonly RuleDocument[] | undefined;
  readonly findings: readonly Diagnostic[];
  readonly notes: readonly string[];
} {
  const displays = new Map(live.resources.map(({ address, name }) => [address, name]));
  const overridden = live.overridden.map((one) => ({
    ...one,
    display: displays.get(one.address) ?? one.address,
  }));
  const tallies = tallyRules(
    rules,
    plannedOf(live.resources, changes, (resource) => addressOf(resource, live)),
  );
  return {
    rules: rules.length === 0 ? undefined : tallies.map(ruleDocument),
    findings: ruleFindings(tallies, overridden),
    notes: leftoverNotes(changes, record, live),
  };
}

function addressOf(resource: Resource, { matches }: LiveState): Address {
  const { kind, id, address } = resource;
  if (isDraftAddress(resource)) return `${kind}/${id}`;
  const match = matches.get(address);
  return match?.state === 'found' ? `${kind}/${match.observed.id}` : address;
}

function ruleDocument({ rule, matched, pending, blocked }: RuleTally): RuleDocument {
  const { key, mode, source } = rule;
  return { key, mode, source: { file: source.file, line: source.line }, matched, pending, blocked };
}

/** Objects that rules covered which the file no longer has: there may be thousands, so they are counted and not listed. */
function leftoverNotes(
  changes: readonly Change[],
  record: RecordDocument | null,
  { orphans }: LiveState,
): readonly string[] {
  const counts = new Map<string, number>();
  for (const change of changes) {
    const rules = record?.objects[change.address]?.rules ?? [];
    // What is gone from the workspace is not left there.
    if (rules.length === 0 || !isSilent(change) || orphans.get(change.address) === null) continue;
    const named = rules.map((key) => `rules.${key}`).join(' and ');
    counts.set(named, (counts.get(named) ?? 0) + 1);
  }
  return [...counts].map(
    ([named, count]) =>
      `${count} ${count === 1 ? 'job' : 'jobs'} that ${named} covered ${count === 1 ? 'stays as it is' : 'stay as they are'}, and on record: the file no longer says so; \`prune: true\` takes back what was added`,
  );
}

/** Something on record that neither an entry nor a rule speaks of, and of which nothing is said. */
function isSilent({ verb, source, notes }: Change): boolean {
  return verb === 'noop' && source === null && notes.length === 0;
}
