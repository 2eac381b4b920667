import type { Observed } from '../../core/resource.ts';
import type { Features } from '../../core/select.ts';
import { asList, asObject, type Json, type JsonObject } from '../client.ts';
import type { FindHints, Listing, Pointer, Row, Survey, Wanted } from '../kind.ts';
import { featuresOf } from './features.ts';
import { type Get, lookUp } from './look-up.ts';
import { observeJob } from './observe.ts';
import { pointersOf } from './pointers.ts';
import { Proof, type Trust, Witnesses } from './proof.ts';
import { idOf } from './sighting.ts';
import { pointsAnywhere, slimJob } from './slim.ts';

type Search = Pick<FindHints, 'onKept'> & {
  readonly wanted: readonly Wanted[];
  readonly survey: Survey;
  readonly get: Get;
};

/** What one pass over the list found: the listing, and who points at destinations. */
export type Found = { readonly listing: Listing; readonly pointing: Pointing };

/** Jobs that point at destinations, whether or not anything here is about them. */
export type Pointing = {
  readonly pointers: readonly Pointer[];
  /** Ids of jobs whose rows are cut off at 100 tasks. */
  readonly cut: ReadonlySet<string>;
  /** False where no row shows that lists carry webhook blocks. */
  readonly isBelieved: boolean;
};

/** Every visible job goes by once, with its tasks; what is wanted by name or id, or chosen, is kept. */
export async function surveyJobs(
  pages: AsyncIterable<JsonObject>,
  { wanted, survey, get, onKept }: Search,
): Promise<Found> {
  const seen = new Passage(wanted, survey, onKept);
  const witnesses = new Witnesses(seen.proof, get);
  for await (const page of pages) {
    for (const raw of asList(page['jobs'])) seen.see(raw);
    if (page['next_page_token'] !== undefined) witnesses.callEarly();
  }
  const [believed, missing] = await Promise.all([
    witnesses.hear(),
    Promise.all(seen.missing().map((id) => lookUp(get, id))),
  ]);
  const listing = {
    rows: [...seen.kept.values()]
      .map((observed) => rowOf(observed, believed, seen.cut))
      .concat(missing.flatMap(({ rows }) => rows)),
    isComplete: false,
    seen: seen.count,
    denied: missing.flatMap(({ denied }) => denied),
    near: seen.near,
    whyGaps: believed.why,
    surveyed: {
      untold: believed.untold,
      read: new Set([...believed.known.keys(), ...seen.missing()]),
      passed: seen.passed,
    },
  };
  const isBelieved = !believed.gaps.includes('webhook_notifications');
  return { listing, pointing: { pointers: seen.pointers, cut: seen.cut, isBelieved } };
}

function rowOf(observed: Observed, { known, gaps }: Trust, cut: ReadonlySet<string>): Row {
  const whole = known.get(observed.id);
  if (whole !== undefined) return { observed: whole, gaps: [], isWhole: true };
  const isCut = cut.has(observed.id);
  const all = isCut && !gaps.includes('tasks') ? [...gaps, 'tasks'] : gaps;
  return { observed, gaps: all, isWhole: !isCut && !gaps.includes('deployment') };
}

/** What one pass over the list leaves behind. */
class Passage {
  readonly kept = new Map<string, Observed>();
  readonly passed: { readonly id: string; readonly features: Features }[] = [];
  readonly near: string[] = [];
  readonly pointers: Pointer[] = [];
  readonly cut = new Set<string>();
  readonly proof = new Proof();
  readonly #ids: ReadonlySet<string>;
  readonly #names: ReadonlySet<string>;
  readonly #folded: ReadonlySet<string>;
  readonly #seen = new Set<string>();
  readonly #survey: Survey;
  readonly #onKept: FindHints['onKept'];

  constructor(wanted: readonly Wanted[], survey: Survey, onKept: FindHints['onKept']) {
    const names = wanted.flatMap(({ id, name }) => (id === undefined && name !== undefined ? [name] : []));
    this.#ids = new Set(wanted.flatMap(({ id }) => (id === undefined ? [] : [id])));
    this.#names = new Set(names);
    this.#folded = new Set(names.map((name) => name.toLowerCase()));
    this.#survey = survey;
    this.#onKept = onKept;
  }

  get count(): number {
    return this.#seen.size;
  }

  /** A list that shifts while it is paged shows a job twice. */
  see(raw: Json): void {
    const id = idOf(raw);
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    const features = featuresOf(raw);
    this.#note(String(features['name']));
    const isKept = this.#isWanted(id, features) || this.#survey(id, features);
    if (!isKept) this.passed.push({ id, features });
    if (this.proof.isNews(raw)) this.proof.take(slimJob(raw));
    // Most rows leave nothing but their features.
    const isPointing = this.#isPointing(id, raw);
    if (!isKept && !isPointing) return;
    // Seen at once, while the next page is on its way: of thousands of rows no more is kept than that.
    const observed = observeJob(raw);
    if (isKept) this.#keep(observed);
    if (isPointing) this.pointers.push(...pointersOf(observed));
  }

  #keep(observed: Observed): void {
    this.kept.set(observed.id, observed);
    this.#onKept?.(observed);
  }

  #isWanted(id: string, features: Features): boolean {
    return this.#ids.has(id) || this.#names.has(String(features['name']));
  }

  /** As far as its row tells: one that is cut off is read by itself where anybody asks. */
  #isPointing(id: string, raw: Json): boolean {
    if (asObject(raw)['has_more'] !== true) return pointsAnywhere(raw);
    this.cut.add(id);
    return false;
  }

  /** Ids that were asked for and that the list does not show. */
  missing(): readonly string[] {
    return [...this.#ids].filter((id) => !this.#seen.has(id));
  }

  #note(name: string): void {
    if (!this.#names.has(name) && this.#folded.has(name.toLowerCase())) this.near.push(name);
  }
}
