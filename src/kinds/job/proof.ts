import type { Observed } from '../../core/resource.ts';
import { isSame, type Spec } from '../../core/value.ts';
import { asList, asObject, type Json } from '../client.ts';
import { FEATURE_SOURCES, TRIGGERS } from './features.ts';
import { type Get, lookUp } from './look-up.ts';
import { observeJob } from './observe.ts';
import { BLOCKS } from './shape.ts';
import { idOf } from './sighting.ts';

/** Parts of a row about which it is undocumented whether lists carry them. */
const PARTS: readonly string[] = [...BLOCKS, ...Object.values(FEATURE_SOURCES), 'tasks'];

/** Jobs that are read whole to hold against their rows: no more, as every plan pays for them. */
const WITNESSES = 4;
/** So many of them are read while the list goes on; what they leave open is asked of the others at its end. */
const EARLY_WITNESSES = 2;

/** What is believed of rows. */
export type Trust = {
  /** Parts that rows say nothing about. */
  readonly gaps: readonly string[];
  /** Features that rows do not tell. */
  readonly untold: readonly string[];
  /** Jobs that were read whole on the way. */
  readonly known: ReadonlyMap<string, Observed>;
  readonly why: string;
};

/** Rows that together show every part that any row of one list showed. */
export class Proof {
  readonly #rows = new Map<string, Telling>();

  /** Whether a row shows a part that no row before it did, or shows more at once than the one that did. */
  isNews(raw: Json): boolean {
    const parts = partsIn(raw);
    return parts.some((part) => (this.#rows.get(part)?.parts.length ?? 0) < parts.length);
  }

  take(raw: Json): void {
    const parts = partsIn(raw);
    for (const part of parts) {
      if ((this.#rows.get(part)?.parts.length ?? 0) < parts.length) this.#rows.set(part, { raw, parts });
    }
  }

  /** Rows that show most, of what is not `shown` yet. */
  witnesses(shown: ReadonlySet<string>): readonly Json[] {
    return fewest([...new Set(this.#rows.values())], shown);
  }
}

/** A row, and the parts that it shows something in. */
export type Telling = { readonly raw: Json; readonly parts: readonly string[] };

/** Few rows that together show every part that all of them show and that is not `shown` yet, those that show most first. */
export function fewest(rows: readonly Telling[], shown: ReadonlySet<string> = new Set()): readonly Json[] {
  const open = new Set(rows.flatMap(({ parts }) => parts).filter((part) => !shown.has(part)));
  const telling = [...rows]
    .sort((a, b) => b.parts.length - a.parts.length)
    .filter(({ parts }) => {
      const proves = parts.filter((part) => open.has(part));
      for (const part of proves) open.delete(part);
      return proves.length > 0;
    });
  return [...new Set(telling.map(({ raw }) => raw))];
}

type Heard = { readonly row: Json; readonly whole: Observed };

/** Jobs that are read whole, to tell what may be believed of the rows of one list. */
export class Witnesses {
  readonly #proof: Proof;
  readonly #get: Get;
  readonly #asked: Json[] = [];
  #early: Promise<readonly Heard[]> | undefined;

  constructor(proof: Proof, get: Get) {
    this.#proof = proof;
    this.#get = get;
  }

  /** Reads some of them while the list goes on, so that its end need not be waited for. */
  callEarly(): void {
    if (this.#early !== undefined) return;
    this.#early = this.#call(EARLY_WITNESSES);
    // What goes wrong is told where they are heard, and to nobody where the list itself fails.
    this.#early.catch(() => undefined);
  }

  /** At the end of the list: what a row shows is believed where reading that job by itself agrees. */
  async hear(): Promise<Trust> {
    const [early = [], late] = await Promise.all([this.#early, this.#call(WITNESSES)]);
    return trust([...early, ...late]);
  }

  /** Until there are so many. */
  async #call(most: number): Promise<readonly Heard[]> {
    const shown = new Set(this.#asked.flatMap(partsIn));
    const rows = this.#proof.witnesses(shown).slice(0, most - this.#asked.length);
    this.#asked.push(...rows);
    const heard = await Promise.all(
      rows.map(async (row) => ({ row, whole: (await lookUp(this.#get, idOf(row))).rows[0]?.observed })),
    );
    return heard.flatMap(({ row, whole }) => (whole === undefined ? [] : [{ row, whole }]));
  }
}

function trust(pairs: readonly Heard[]): Trust {
  const differing = PARTS.filter((part) => pairs.some(({ row, whole }) => !isAlike(row, whole, part)));
  const proven = new Set(
    pairs.flatMap(({ row }) => partsIn(row)).filter((part) => !differing.includes(part)),
  );
  const gaps = PARTS.filter((part) => !proven.has(part));
  const untold = Object.entries(FEATURE_SOURCES).flatMap(([feature, part]) =>
    proven.has(part) ? [] : [feature],
  );
  return {
    gaps,
    // Only jobs/get tells who a job runs as.
    untold: [...untold, 'run_as'],
    known: new Map(pairs.map(({ row, whole }) => [idOf(row), whole])),
    why: whyOf(gaps, differing),
  };
}

function whyOf(gaps: readonly string[], differing: readonly string[]): string {
  const silent = gaps.filter((part) => !differing.includes(part));
  const reasons = [
    ...(differing.length === 0 ? [] : [`jobs/list and jobs/get disagree about ${differing.join(' and ')}`]),
    ...(silent.length === 0
      ? []
      : [`no row of jobs/list shows ${silent.join(' or ')}, which proves nothing about it`]),
  ];
  return reasons.join('; ');
}

/** Parts with something in them. Tasks of a row that is cut off at 100 prove nothing. */
function partsIn(raw: Json): readonly string[] {
  const job = asObject(raw);
  const settings = asObject(job['settings']);
  return PARTS.filter((part) => {
    if (part === 'creator_user_name') return typeof job[part] === 'string' && job[part] !== '';
    if (part === 'schedule') return TRIGGERS.some((key) => settings[key] !== undefined);
    if (part === 'tasks') return job['has_more'] !== true && asList(settings[part]).some(isTelling);
    return Object.keys(asObject(settings[part])).length > 0;
  });
}

/** A task with notifications of its own. */
function isTelling(task: Json): boolean {
  return BLOCKS.some((block) => Object.keys(asObject(asObject(task)[block])).length > 0);
}

/** Whether a row and the job read by itself say the same in one part. */
export function isAlike(row: Json, whole: Observed, part: string): boolean {
  if (part === 'tasks' && asObject(row)['has_more'] === true) return true;
  const [listed, got] = [partOf(observeJob(row), part), partOf(whole, part)];
  return Object.keys({ ...listed, ...got }).every((path) => isSame(listed[path], got[path]));
}

/** What a part comes to, in terms that two answers can be compared in. */
function partOf({ spec, features = {} }: Observed, part: string): Spec {
  const feature = Object.keys(FEATURE_SOURCES).find((name) => FEATURE_SOURCES[name] === part);
  const [from, prefix] = feature === undefined ? [spec, part] : [features, feature];
  return Object.fromEntries(
    Object.entries(from).filter(([path]) => path === prefix || path.startsWith(`${prefix}.`)),
  );
}
