import type { PlanDocument, RuleDocument } from '../core/document.ts';
import { type MarkdownOptions, placeMarkdown } from './change-markdown.ts';
import { EVERYTHING, firstOf } from './detail.ts';
import { codeSpan } from './escape.ts';
import { inertName } from './inert.ts';
import type { Page } from './page.ts';
import { plural, thousands } from './words.ts';
import { wrap } from './wrap.ts';

/** For a terminal: how many jobs each rule selects, and what becomes of them. */
export function rulesText({ rules = [] }: PlanDocument, { paint, width }: Page): readonly string[] {
  if (rules.length === 0) return [];
  return [
    paint.strong('Rules'),
    ...rules.flatMap((rule) =>
      wrap(`${inertName(rule.key)} (${rule.mode}): ${tallyOf(rule)}`, width, { first: '  ', rest: '    ' }),
    ),
  ];
}

/** The same for a page; rules with something to do come first. */
export function rulesMarkdown({ rules = [] }: PlanDocument, options: MarkdownOptions): readonly string[] {
  const { items: most } = options.detail ?? EVERYTHING;
  if (rules.length === 0 || most === 0) return [];
  const busy = [...rules].sort((a, b) => weight(b) - weight(a));
  const items = busy.map(
    (rule) =>
      `- ${codeSpan(`rules.${rule.key}`)} (${rule.mode}, ${placeMarkdown(rule.source.file, rule.source.line, options)}): ${tallyOf(rule)}`,
  );
  return ['**Rules**', '', ...firstOf(items, most)];
}

function weight({ pending, blocked }: RuleDocument): number {
  return pending + blockedIn({ blocked });
}

function blockedIn({ blocked }: Pick<RuleDocument, 'blocked'>): number {
  return Object.values(blocked).reduce((sum, count) => sum + count, 0);
}

/** `1,204 jobs, 12 to change, 3 blocked (2 bundle, 1 dangling)`; reasons are our own words. */
function tallyOf({ matched, pending, blocked }: RuleDocument): string {
  const count = blockedIn({ blocked });
  const reasons = Object.entries(blocked)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([reason, of]) => `${thousands(of)} ${reason}`);
  return [
    plural(matched, 'job'),
    pending === 0 ? 'none to change' : `${thousands(pending)} to change`,
    ...(count === 0 ? [] : [`${thousands(count)} blocked (${reasons.join(', ')})`]),
  ].join(', ');
}
