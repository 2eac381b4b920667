import { selecting } from '../core/coverage.ts';
import { PermissionError } from '../core/errors.ts';
import type { Observed } from '../core/resource.ts';
import type { Rule } from '../core/rule.ts';
import { type Features, askedOf, select } from '../core/select.ts';
import type { Seen } from './live-input.ts';

/** An object that rules select, as it was seen when they were judged. */
export type Chosen = { readonly observed: Observed; readonly rules: readonly Rule[] };

export type Choice = {
  /** By id. */
  readonly chosen: ReadonlyMap<string, Chosen>;
  /** Objects that had to be read by themselves before it could be told. */
  readonly whole: ReadonlyMap<string, Observed>;
  /** Ids of those that this identity may not read, so that they count as not selected. */
  readonly denied: ReadonlySet<string>;
};

/**
 * Which rules select which object. What a list does not tell is asked of each object that meets everything else; an object
 * that may not be read is not selected.
 */
export async function choose(seen: Seen, rules: readonly Rule[]): Promise<Choice> {
  const { chosen, open } = firstLook(seen, rules);
  const answers = await Promise.all(open.map((id) => readOne(seen, id)));
  const whole = answers.filter((answer) => typeof answer === 'object');
  for (const observed of whole) keep(chosen, observed, selecting(rules, observed.features ?? {}));
  return {
    chosen,
    whole: new Map(whole.map((observed) => [observed.id, observed])),
    denied: new Set(open.filter((_id, at) => answers[at] === 'denied')),
  };
}

/** What the list alone decides, and the ids of those that must be read first; each object is judged once. */
function firstLook(
  { rows, listing }: Seen,
  rules: readonly Rule[],
): { readonly chosen: Map<string, Chosen>; readonly open: readonly string[] } {
  const { untold: all = [], read = new Set<string>(), passed = [] } = listing.surveyed ?? {};
  const untold = rules.flatMap(({ selector }) => askedOf(selector, all));
  const judged = (one: Pick<Observed, 'id' | 'features'>): readonly Rule[] | 'unknown' =>
    judge(rules, one.features ?? {}, read.has(one.id) ? [] : untold);
  const chosen = new Map<string, Chosen>();
  const open: string[] = [];
  for (const observed of rows) {
    const verdict = judged(observed);
    if (verdict === 'unknown') open.push(observed.id);
    else keep(chosen, observed, verdict);
  }
  // What the survey passed by is selected by nothing, unless it is read first.
  const unread = untold.length === 0 ? [] : passed.filter((one) => judged(one) === 'unknown');
  return { chosen, open: [...open, ...unread.map(({ id }) => id)] };
}

/** What a list that goes by is judged by: everything that may turn out to be selected. */
export function maySelect(rules: readonly Rule[], features: Features, untold: readonly string[]): boolean {
  return rules.some(({ selector }) => select(selector, features, untold) !== 'no');
}

/** The rules that select an object, or `unknown` where of any of them the features do not tell. */
function judge(
  rules: readonly Rule[],
  features: Features,
  untold: readonly string[],
): readonly Rule[] | 'unknown' {
  const verdicts = rules.map(({ selector }) => select(selector, features, untold));
  return verdicts.includes('unknown') ? 'unknown' : rules.filter((_rule, at) => verdicts[at] === 'yes');
}

function keep(chosen: Map<string, Chosen>, observed: Observed, rules: readonly Rule[]): void {
  if (rules.length > 0) chosen.set(observed.id, { observed, rules });
}

async function readOne({ port }: Seen, id: string): Promise<Observed | 'gone' | 'denied'> {
  try {
    const raw = await port.api.get(id);
    return raw === null ? 'gone' : port.kind.observe(raw);
  } catch (error) {
    if (error instanceof PermissionError) return 'denied';
    throw error;
  }
}
