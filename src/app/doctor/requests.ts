import type { Finding } from '../../core/doctor.ts';
import type { Ward } from './visit.ts';

const ABOUT = { group: 'requests', code: 'rate', title: 'Rate' } as const;

/** Requests of a plan besides those for jobs and destinations (docs/requests.md). */
const REST = 8;
const PAGE = 100;

/** What there is to spend, and what a plan costs. `refused`: answers with 429 while doctor looked. */
export function rateFinding(ward: Ward, told: { readonly refused: number; readonly seen?: number }): Finding {
  const set = ward.host.env['DATABRICKS_RATE_LIMIT']?.trim() ?? '';
  const most =
    set === '' ? 'at most 20 requests a second' : `at most ${set} requests a second (DATABRICKS_RATE_LIMIT)`;
  const left = 'how many are left is not told by Databricks';
  const detail = [
    `${most}, and below the published limit of each API`,
    ...costOf(ward, told.seen),
    left,
  ].join('; ');
  if (told.refused === 0) return { ...ABOUT, status: 'ok', detail };
  const times = `${told.refused} ${told.refused === 1 ? 'answer was' : 'answers were'} a refusal (429)`;
  const remedy =
    'other clients share the limits of this workspace: run at another time, or set DATABRICKS_RATE_LIMIT lower';
  return { ...ABOUT, status: 'warning', detail: `${detail}; ${times}`, remedy };
}

function costOf({ loaded }: Ward, seen: number | undefined): readonly string[] {
  if (loaded === undefined || seen === undefined) return [];
  const of = (kind: string): number => loaded.resources.filter((resource) => resource.kind === kind).length;
  const pages = Math.max(1, Math.ceil(seen / PAGE));
  const jobs = loaded.rules.length > 0 ? pages : Math.min(pages, of('job'));
  return [`a plan takes about ${jobs + of('destination') + REST}`];
}
