import type { ResolvedSpec } from '../../core/value.ts';
import { asList, asObject, asText, type Json, type JsonObject } from '../client.ts';
import { alertOf } from './shape.ts';

/**
 * The blocks of `notifications` with the changed kinds of alert as they shall be, and everything else as it came. A block
 * of which all kinds change alike gets new addresses in place; out of any other block the changed kinds are taken, and
 * blocks of their own follow at the end, kinds with equal addresses together. No block is left without addresses or kinds.
 */
export function composeNotifications(
  before: Json | undefined,
  spec: ResolvedSpec,
  changed: readonly string[],
): readonly Json[] {
  const wanted = wantedOf(spec, changed);
  const placed = new Set<string>();
  const kept = asList(before).flatMap((block) => composeBlock(block, wanted, placed));
  const open = [...wanted].filter(([alert, emails]) => emails.length > 0 && !placed.has(alert));
  return [...kept, ...groupAlike(open)];
}

/** Changed kind of alert -> its addresses. */
type Wanted = ReadonlyMap<string, readonly string[]>;

function wantedOf(spec: ResolvedSpec, changed: readonly string[]): Wanted {
  return new Map(
    changed.flatMap((path) => {
      const alert = alertOf(path);
      const value = spec[path];
      const emails = Array.isArray(value) ? value.map(String) : [];
      return alert === undefined ? [] : [[alert, emails] as const];
    }),
  );
}

function composeBlock(block: Json, wanted: Wanted, placed: Set<string>): readonly Json[] {
  const alerts = asList(asObject(block)['alerts']);
  const rest = alerts.filter((alert) => !wanted.has(asText(alert)));
  if (rest.length === alerts.length) return [block];
  if (rest.length > 0) return [{ ...asObject(block), alerts: rest }];
  return readdress(asObject(block), wanted, placed);
}

/** The kinds of a block that changes wholly, as far as they go together and stand nowhere yet. */
function readdress(block: JsonObject, wanted: Wanted, placed: Set<string>): readonly JsonObject[] {
  const open = asList(block['alerts']).filter(
    (alert) => (wanted.get(asText(alert)) ?? []).length > 0 && !placed.has(asText(alert)),
  );
  const emails = wanted.get(asText(open[0])) ?? [];
  const alerts = open.filter((alert) => isAlike(wanted.get(asText(alert)) ?? [], emails));
  if (alerts.length === 0) return [];
  for (const alert of alerts) placed.add(asText(alert));
  return [{ ...block, email_recipients: emails, alerts }];
}

function groupAlike(open: readonly (readonly [string, readonly string[]])[]): readonly JsonObject[] {
  const groups = new Map<string, { readonly emails: readonly string[]; readonly alerts: string[] }>();
  for (const [alert, emails] of open) {
    const group = groups.get(keyOf(emails));
    if (group === undefined) groups.set(keyOf(emails), { emails, alerts: [alert] });
    else group.alerts.push(alert);
  }
  return [...groups.values()].map(({ emails, alerts }) => ({ email_recipients: emails, alerts }));
}

function isAlike(a: readonly string[], b: readonly string[]): boolean {
  return keyOf(a) === keyOf(b);
}

function keyOf(emails: readonly string[]): string {
  return JSON.stringify([...new Set(emails)].sort());
}
