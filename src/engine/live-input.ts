import type { PermissionError } from '../core/errors.ts';
import type { PlanContext } from '../core/plan-parts.ts';
import type { Observed, Resource } from '../core/resource.ts';
import type { Rule } from '../core/rule.ts';
import type { Json } from '../kinds/client.ts';
import type { Kind, KindApi, Listing, Row } from '../kinds/kind.ts';
import type { Foresee } from './foresight.ts';
import type { OnRecord } from './on-record.ts';

export type Port = { readonly kind: Kind; readonly api: KindApi };

/** `OnRecord`: of `context.record`. */
export type LiveInput = {
  readonly resources: readonly Resource[];
  /** Sorted by key. */
  readonly rules: readonly Rule[];
  readonly ports: readonly Port[];
  /** Kind -> how many objects the latest apply saw. */
  readonly seen: Readonly<Record<string, number | null>>;
  readonly context: Omit<PlanContext, 'directory'>;
  /** What points at others is read whole, as a place that a list leaves out counts too. */
  readonly isThorough?: boolean;
  /** Left out where nothing is to be planned before everything was read. */
  readonly foresee?: Foresee;
} & OnRecord;

/** One kind's listing, observed. `failure` where this identity may not list it. */
export type Seen = {
  readonly port: Port;
  /** Each object once, however often it was listed. */
  readonly rows: readonly Observed[];
  readonly byId: ReadonlyMap<string, Observed>;
  readonly byName: ReadonlyMap<string, readonly Observed[]>;
  /** How much the list tells of each. */
  readonly told: ReadonlyMap<string, Told>;
  /** Without its rows. */
  readonly listing: Listing;
  readonly failure: PermissionError | undefined;
  /** Objects that are being read by themselves already, by id; left out where none are. */
  readonly early?: ReadonlyMap<string, Promise<Json | null>>;
};

/** What a list leaves out of one object. */
export type Told = Pick<Row, 'gaps' | 'isWhole'>;
