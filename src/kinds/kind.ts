import type { AccessNeed } from '../core/access.ts';
import type { BundleBlock } from '../core/bundle.ts';
import type { Entry, EntryPath } from '../core/entry.ts';
import type { Declared, FieldRule, Observed, Obstacle, Use } from '../core/resource.ts';
import type { DeclaredRule, Reach } from '../core/rule.ts';
import type { Features } from '../core/select.ts';
import type { ResolvedSpec, Spec } from '../core/value.ts';
import type { ApiClient, Json } from './client.ts';

/** A JSON Schema (draft 2020-12) fragment as data. Extra keywords: `x-secret`, see src/config/schema.ts. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * One class of managed thing. A kind declares; the engine decides. It never logs, retries, sleeps, orders, words
 * anything for people beyond its findings and obstacles, or throws errors of its own. `resolve` and `observe` meet in
 * one canonical spec: equal specs mean that there is nothing to do.
 */
export interface Kind {
  /** First half of every address, for example `destination`. */
  readonly name: string;
  /** The key in the file, for example `destinations`. */
  readonly section: string;
  /** Plural for people, for example `notification destinations`. */
  readonly title: string;
  /** API reference. */
  readonly docs: string;
  /** `whole`: we create and delete the object; `part`: we own some fields of somebody else's. */
  readonly ownership: 'whole' | 'part';
  /** False where its name does not tell one object from another: every listed one is held against `isSame`. */
  readonly isNamed?: false;
  /** False where nothing points at it: it is listed only where the file or the record names one. */
  readonly isPointedAt?: false;
  /** Schema of one entry. */
  readonly schema: JsonSchema;
  /** Whether a write is read back: where the API may take a value and ignore it, or only says that it is set. */
  readonly isReadBack: boolean;
  readonly rules: readonly FieldRule[];
  /** Pure: what was typed -> canonical form, with findings about it. */
  resolve(key: string, entry: Entry, names: DeclaredNames): Declared;
  /** Pure: what was read -> canonical form. */
  observe(raw: Json): Observed;
  /** Whether a live object that is not in the record is the declared one, by name and whatever else identifies it. */
  isSame(declared: Declared, observed: Observed): boolean;
  /** Judges the spec that a write would leave behind: reasons not to write it, and what is worth a warning. */
  judge(
    target: Spec,
    write: { readonly changed: readonly string[]; readonly consents: readonly string[] },
  ): Judgement;
  /** Who would be told of a failure: place -> number of recipients; only places where notifications can be set. */
  audience(spec: Spec): Readonly<Record<string, number>>;
  /**
   * What `show` and the outcome of an apply tell of a live object: name -> text, nothing secret. `secrets`: what was applied
   * as a secret, by field path; without it nothing is told that may have been one.
   */
  outputs?(raw: Json, secrets?: AppliedSecrets): Readonly<Record<string, string>>;
  /** Where many objects of the kind can be spoken of at once. */
  readonly byRule?: RuleTraits;
  /** What a bundle's YAML holds of these paths under the object's key; for kinds that bundles make. */
  bundleBlock?(paths: readonly string[], target: Spec): BundleBlock;
  /** Where in an entry a person would type a field that it does not name; by default where its path leads. */
  typedAt?(path: string): EntryPath;
  /** What a write takes; left out where it cannot be known before the write. */
  readonly access?: AccessNeed;
  connect(client: ApiClient): KindApi;
}

/** What lets entries of a section of their own choose objects of a kind by what they are like. */
export interface RuleTraits {
  /** The key in the file, `rules`. */
  readonly section: string;
  /** Schema of one entry. */
  readonly schema: JsonSchema;
  /** Pure: what was typed -> canonical form, with findings about it. */
  resolve(key: string, entry: Entry, names: DeclaredNames): DeclaredRule;
  /** Field paths of an object that a path of a rule speaks of: parts of it may be named by a glob. */
  readonly reach: Reach;
}

/** Field path -> the secret that was applied there, as the record has it. */
export type AppliedSecrets = Readonly<Record<string, { readonly label: string }>>;

export type Judgement = { readonly obstacles: readonly Obstacle[]; readonly warnings: readonly Obstacle[] };

/** Keys that the file declares, by section, for references and suggestions. */
export type DeclaredNames = { readonly keysOf: (section: string) => readonly string[] };

/** One write is one request; no reads inside writes. */
export interface KindApi {
  /** Begins to list every object, for a `find` with a survey that comes soon; for kinds that rules speak of. */
  begin?(): void;
  /** Lists what is needed to find the wanted objects; never more than the cheaper of the ways there are. */
  find(wanted: readonly Wanted[], hints: FindHints): Promise<Listing>;
  /** One object whole, or null where it does not exist. */
  get(id: string): Promise<Json | null>;
  /** @returns the new id. */
  create(spec: NewObject): Promise<string>;
  update(write: Write): Promise<void>;
  remove(id: string): Promise<void>;
  /** Tries the object out, where the API can and `settings.test_webhooks` asks for it; what it answered, in words. */
  probe?(id: string): Promise<string>;
  /** Who has which permission on an object, as the permissions API answers; where a write takes a level on it. */
  permissions?(id: string): Promise<Json>;
  /**
   * Whether this identity is shown what only workspace admins are shown, or null where there is nothing that tells. After
   * `find`.
   */
  isShownAdminOnly?(): Promise<boolean | null>;
  /** Every object of this kind that points at another one, and where; for kinds that point at others. */
  users?(): Promise<readonly Pointer[]>;
}

/** Something that points at another object. `user`: its `kind/id`; `page`: path of its page in the workspace, `/jobs/7`. */
export type Pointer = Use & { readonly user: string; readonly name: string; readonly page: string };

export type Wanted = { readonly id?: string; readonly name?: string };

/** `seen`: how many objects of this kind the latest apply saw, or null; only a guess at what a listing costs. */
export type FindHints = {
  readonly seen: number | null;
  /** Every object is looked at, and those that it keeps are listed whether or not they are wanted by name. */
  readonly survey?: Survey;
  /** Told of each object that the survey keeps, as its row goes by. */
  readonly onKept?: (observed: Observed) => void;
};

/** Judged for each object as its row goes by; rows that are not kept leave nothing but their features. */
export type Survey = (id: string, features: Features) => boolean;

export type Listing = {
  readonly rows: readonly Row[];
  /** True where the rows are every object of this kind that this identity may see. */
  readonly isComplete: boolean;
  /** How many objects this identity may see, where they were counted. */
  readonly seen: number | null;
  /** Wanted ids that this identity may not read. */
  readonly denied: readonly { readonly id: string; readonly why: string }[];
  /** Names that differ from a wanted one in upper and lower case only. */
  readonly near: readonly string[];
  /** Why rows that could be whole have gaps; null where they always have them. */
  readonly whyGaps: string | null;
  /** Of a survey: what it found besides the rows. */
  readonly surveyed?: Surveyed;
};

export type Surveyed = {
  /** Features, or prefixes of features, that rows do not tell, or are not believed about. */
  readonly untold: readonly string[];
  /** Objects that were read by themselves on the way, about which nothing is left untold. */
  readonly read: ReadonlySet<string>;
  /** Objects that were not kept. */
  readonly passed: readonly { readonly id: string; readonly features: Features }[];
};

/**
 * What a list shows of one object. `gaps`: path prefixes that it does not tell although a `get` would. `isWhole`: it is what
 * a `get` answers, so there is nothing more to read.
 */
export type Row = {
  readonly observed: Observed;
  readonly gaps: readonly string[];
  readonly isWhole: boolean;
};

export type NewObject = {
  readonly name: string;
  readonly traits: Readonly<Record<string, string>>;
  readonly spec: ResolvedSpec;
};

export type Write = {
  readonly id: string;
  /** The object as read just before. */
  readonly fresh: Json;
  /** Every declared field as it shall be. */
  readonly spec: ResolvedSpec;
  /** The paths that differ, or that are written again (adopt, rotate). */
  readonly changed: readonly string[];
  readonly traits: Readonly<Record<string, string>>;
};
