import { PermissionError } from '../core/errors.ts';
import type { Observed } from '../core/resource.ts';
import type { Rule } from '../core/rule.ts';
import { type Features, select } from '../core/select.ts';
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
  const { untold = [], read = new Set<string>(), passed = [] } = seen.listing.surveyed ?? {};
  const chosen = new Map<string, Chosen>();
  const toldOf = (id: string): readonly string[] => (read.has(id) ? [] : untold);
  const isUndecided = ({ id, features = {} }: Judged): boolean => isOpen(rules, features, toldOf(id));
  for (const observed of seen.rows.filter((row) => !isUndecided(row))) {
    keep(chosen, observed, selecting(rules, observed.features ?? {}, toldOf(observed.id)));
  }
  const open = [...seen.rows, ...passed].filter(isUndecided);
  const answers = await Promise.all(open.map(({ id }) => readOne(seen, id)));
  const whole = answers.filter((answer) => typeof answer === 'object');
  for (const observed of whole) keep(chosen, observed, selecting(rules, observed.features ?? {}));
  return {
    chosen,
    whole: new Map(whole.map((observed) => [observed.id, observed])),
    denied: new Set(open.filter((_one, at) => answers[at] === 'denied').map(({ id }) => id)),
  };
}

type Judged = Pick<Observed, 'id' | 'features'>;

/** What a list that goes by is judged by: everything that may turn out to be selected. */
export function maySelect(rules: readonly Rule[], features: Features, untold: readonly string[]): boolean {
  return rules.some(({ selector }) => select(selector, features, untold) !== 'no');
}

/** The rules that select an object of these features, in their own order. */
export function selecting(
  rules: readonly Rule[],
  features: Features,
  untold: readonly string[] = [],
): readonly Rule[] {
  return rules.filter(({ selector }) => select(selector, features, untold) === 'yes');
}

function isOpen(rules: readonly Rule[], features: Features, untold: readonly string[]): boolean {
  return rules.some(({ selector }) => select(selector, features, untold) === 'unknown');
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
