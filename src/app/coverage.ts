import type { Change } from '../core/change.ts';
import { isDraftAddress } from '../core/coverage.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { RuleDocument } from '../core/document.ts';
import type { RecordDocument } from '../core/record.ts';
import type { Observed, Resource } from '../core/resource.ts';
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
    // Where too little could be read nothing is known to match nothing.
    findings: ruleFindings(live.isComplete ? tallies : [], overridden),
    notes: leftoverNotes({ live, changes, record }),
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

/**
 * Objects that rules covered and that none selects now, because the file no longer says so, because they are gone, or because
 * they could not be read to tell: there may be thousands, so they are counted and not listed.
 */
function leftoverNotes({ live, changes, record }: Covered): readonly string[] {
  const left = changes.flatMap(({ verb, address, source, notes }) => {
    const rules = record?.objects[address]?.rules ?? [];
    if (verb !== 'noop' || source !== null || notes.length > 0 || rules.length === 0) return [];
    const named = rules.map((key) => `rules.${key}`).join(' and ');
    return [{ named, why: whyLeft(live.orphans.get(address)) }];
  });
  return Object.entries(LEFT).flatMap(([why, say]) =>
    counted(left.filter((one) => one.why === why)).map(([named, count]) => say(named, count)),
  );
}

type Say = (named: string, count: number) => string;

const LEFT: Readonly<Record<'here' | 'gone' | 'unread', Say>> = {
  here: (named, count) =>
    `${objects(count)} that ${named} covered ${count === 1 ? 'stays as it is' : 'stay as they are'}, and on record: the file no longer says so; \`prune: true\` takes back what was added`,
  gone: (named, count) =>
    `${objects(count)} that ${named} covered ${count === 1 ? 'is' : 'are'} gone, or this identity may not see ${count === 1 ? 'it: it stays' : 'them: they stay'} on record`,
  unread: (named, count) =>
    `${objects(count)} that ${named} covered could not be read, so it is not known what still selects ${count === 1 ? 'it: it stays as it is' : 'them: they stay as they are'}, and on record`,
};

function whyLeft(live: Observed | null | undefined): keyof typeof LEFT {
  if (live === undefined) return 'unread';
  return live === null ? 'gone' : 'here';
}

function objects(count: number): string {
  return `${count} ${count === 1 ? 'job' : 'jobs'}`;
}

function counted(left: readonly { readonly named: string }[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { named } of left) counts.set(named, (counts.get(named) ?? 0) + 1);
  return [...counts];
}
