import { type Entry, type Finding, asEntry } from '../../core/entry.ts';
import type { DeclaredRule, RuleMode } from '../../core/rule.ts';
import { isEmpty, isList } from '../../core/value.ts';
import type { DeclaredNames, RuleTraits } from '../kind.ts';
import { readForbidden } from './forbid.ts';
import { reachTasks } from './level.ts';
import { ruleSchema } from './rule-schema.ts';
import { readSelector } from './selector.ts';
import { readStatement } from './statement.ts';

/** `rules`: statements about every job that is selected. */
export const jobRules: RuleTraits = { section: 'rules', schema: ruleSchema, resolve, reach: reachTasks };

function resolve(_key: string, entry: Entry, names: DeclaredNames): DeclaredRule {
  const mode = modeOf(entry);
  const { selector, findings } = readSelector(entry);
  const read = mode === 'forbid' ? { ...readForbidden(entry), consents: [] } : stated(entry, mode, names);
  const all = [...findings, ...read.findings];
  return { mode, selector, ...read, findings: [...all, ...nothingStated(read.states, all)] };
}

function modeOf(entry: Entry): RuleMode {
  const { mode } = entry;
  return mode === 'exact' || mode === 'forbid' ? mode : 'ensure';
}

/** To ensure an empty list is to say nothing: the other side of an event that `notify` names. */
function stated(
  entry: Entry,
  mode: 'ensure' | 'exact',
  names: DeclaredNames,
): Pick<DeclaredRule, 'states' | 'origins' | 'findings' | 'consents'> {
  const { wishes, origins, findings, consents } = readStatement(entry, mode, names);
  const said = Object.entries(wishes).filter(
    ([, { value }]) => mode === 'exact' || !isList(value) || !isEmpty(value),
  );
  return {
    states: Object.fromEntries(said.map(([path, { value }]) => [path, value])),
    origins,
    findings: [...findings, ...emptied(entry, mode)],
    consents,
  };
}

/** An empty list under `ensure` may be meant to empty the event, which only `exact` does. */
function emptied(entry: Entry, mode: RuleMode): readonly Finding[] {
  if (mode !== 'ensure') return [];
  return ['notify', 'email_notifications', 'webhook_notifications'].flatMap((name) => {
    const events = entry[name];
    return Object.entries(asEntry(events)).flatMap(([event, list]) =>
      Array.isArray(list) && list.length === 0
        ? [
            {
              code: 'ensures-nothing',
              severity: 'warning',
              path: [name, event],
              message: `an empty list says nothing under \`mode: ensure\`: nobody is taken away`,
              hint: 'with `mode: exact` it empties the event',
            } as const,
          ]
        : [],
    );
  });
}

function nothingStated(states: DeclaredRule['states'], findings: readonly Finding[]): readonly Finding[] {
  if (Object.keys(states).length > 0 || findings.length > 0) return [];
  const hint = 'add for example `notify: { on_failure: [oncall@example.com] }`, or drop the rule';
  const message = 'this rule states nothing, so nobody is told because of it';
  return [{ code: 'nothing-stated', severity: 'warning', path: [], message, hint }];
}
