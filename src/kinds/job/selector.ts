import { type Entry, type EntryValue, type Finding, isEntry, asEntry } from '../../core/entry.ts';
import type { Criterion, Selector } from '../../core/select.ts';

/** `select` of a rule; one without a criterion is an error, as it would mean every job. */
export function readSelector(entry: Entry): {
  readonly selector: Selector;
  readonly findings: readonly Finding[];
} {
  const written = asEntry(entry['select']);
  const { exclude, ...rest } = written;
  const selector = { all: criteriaOf(rest), exclude: isEntry(exclude) ? criteriaOf(exclude) : [] };
  return { selector, findings: selector.all.length > 0 ? [] : [EMPTY] };
}

const EMPTY: Finding = {
  code: 'empty-select',
  severity: 'error',
  path: ['select'],
  message: 'this selects nothing by anything, which could mean every job',
  hint: 'name a criterion: name, tags, creator, run_as, bundle or has_schedule; `name: "*"` is every job',
};

/** Sorted, so that the order in the file means nothing. */
function criteriaOf(entry: Entry): readonly Criterion[] {
  const criteria = Object.entries(entry).flatMap(([feature, wanted]) =>
    feature === 'tags' && isEntry(wanted)
      ? Object.entries(wanted).map(([tag, value]) => criterion(`tags.${tag}`, value))
      : [criterion(feature, wanted)],
  );
  return criteria.sort((a, b) => (a.feature < b.feature ? -1 : 1));
}

function criterion(feature: string, wanted: EntryValue): Criterion {
  const list = Array.isArray(wanted) ? (wanted as readonly EntryValue[]) : [wanted];
  const anyOf = list.filter((one) => typeof one === 'string' || typeof one === 'boolean');
  return { feature, anyOf: [...anyOf].sort((a, b) => (String(a) < String(b) ? -1 : 1)) };
}
