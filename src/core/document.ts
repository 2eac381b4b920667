import type { Origin, Owner, Verb } from './change.ts';
import type { Loosened } from './loosened.ts';

/**
 * The plan document of the contract (§3): what `--format json` prints, `--out` saves and every renderer reads. Values are
 * in the configuration's language (destination keys, not UUIDs); a secret is its label.
 */
export type PlanDocument = {
  readonly format_version: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly config: { readonly name: string; readonly files: readonly string[]; readonly sha256: string };
  readonly workspace: {
    readonly target: string | null;
    readonly host: string;
    readonly workspace_id: string;
    readonly identity: string;
  };
  readonly summary: Readonly<Record<Verb | 'drifted' | 'foreign', number>>;
  /** Sorted by address; a noop is here only if it has notes. */
  readonly changes: readonly ChangeDocument[];
  readonly diagnostics: readonly DiagnosticDocument[];
  /** What each rule of the file came to; left out where it has none. */
  readonly rules?: readonly RuleDocument[];
  /** Left out where nothing is to be explained. */
  readonly explanations?: readonly ExplanationDocument[];
  readonly refusals: readonly RefusalDocument[];
  /** Guard settings that let more through than those of the last apply; left out where there are none. */
  readonly loosened?: readonly Loosened[];
  readonly unreadable: readonly UnreadableDocument[];
  /** False where too little could be read to conclude. */
  readonly complete: boolean;
  readonly digest: string;
  readonly requests: { readonly count: number; readonly retried: number; readonly seconds: number };
  /** Worth knowing about the run as a whole, for example that no record was found and where it was looked for. */
  readonly notes: readonly string[];
  /** Of `drift`: how many objects were edited and deleted by hand, or are not reached by rules yet. */
  readonly drift?: DriftCounts;
  /** Of `rollback`: the serial of the apply that it undoes. */
  readonly rolls_back?: number;
  /** What the plan puts right besides, as `--repair` asked for; left out where nothing was asked. */
  readonly repairs?: readonly string[];
  /** After an apply: what became of every change. */
  readonly outcomes?: readonly OutcomeDocument[];
};

/** Of `--explain`: where each recipient, flag and metric of one object comes from. */
export type ExplanationDocument = {
  readonly address: string;
  readonly display: string;
  readonly fields: readonly {
    readonly path: string;
    readonly members: readonly {
      readonly value: null | boolean | number | string;
      /** `stays`: there already, and nothing states it; `stated` by those; `goes` because of those. */
      readonly fate: 'stays' | 'stated' | 'goes';
      readonly by: readonly StatedDocument[];
    }[];
    readonly overridden: readonly { readonly loser: StatedDocument; readonly winner: StatedDocument }[];
  }[];
};

/** A statement and its line. */
export type StatedDocument = { readonly by: string; readonly file: string; readonly line: number };

export type RuleDocument = {
  readonly key: string;
  readonly mode: 'ensure' | 'exact' | 'forbid';
  readonly source: { readonly file: string; readonly line: number };
  /** Objects that it selects. */
  readonly matched: number;
  /** Those of them that would be written. */
  readonly pending: number;
  /** Reason -> those of them that are left alone. */
  readonly blocked: Readonly<Record<string, number>>;
};

export type DriftCounts = {
  readonly edited: number;
  readonly deleted: number;
  readonly uncovered: number;
};

export type ChangeDocument = {
  readonly address: string;
  readonly key: string;
  readonly display: string;
  readonly verb: Verb;
  readonly id: string | null;
  readonly source: { readonly file: string; readonly line: number } | null;
  readonly fields: readonly FieldDocument[];
  readonly requires: readonly string[];
  readonly op: string | null;
  readonly notes: readonly string[];
  /** What the write may do to the object besides; left out where that is nothing. */
  readonly effects?: readonly string[];
  readonly blocked: {
    readonly reason: string;
    readonly message: string;
    readonly hint: string | null;
    /** Of what a bundle deploys. */
    readonly owner?: OwnerDocument;
  } | null;
};

/** Whose bundle deploys an object, as its metadata tell: strangers' texts, each null where it is not known. */
export type OwnerDocument = Owner;

export type PlainValue = null | boolean | number | string | readonly (null | boolean | number | string)[];

export type FieldDocument = {
  readonly path: string;
  readonly before: PlainValue;
  readonly after: PlainValue;
  readonly verdict: 'changed' | 'unknown' | 'opaque' | 'assumed' | 'ignored';
  readonly drifted: boolean;
  readonly reason: string | null;
  /** Who moved away from what was last applied; left out where that is not on record. */
  readonly origin?: Origin;
  /** What was last applied, where live is something else. */
  readonly applied?: PlainValue;
};

export type DiagnosticDocument = {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'note';
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly hint: string | null;
};

export type RefusalDocument = {
  readonly guard: string;
  readonly message: string;
  readonly allow: string;
  /** Of `in_use`: every place that still points at what would go, those beyond the message's included. */
  readonly users?: readonly UserDocument[];
  /** Why it was let through, where `--allow` or `settings.allow` lifted it. */
  readonly allowed?: string;
};

export type UserDocument = {
  /** `kind/id` of the object that points, for example `job/7` or `dashboard/01f0`. */
  readonly user: string;
  readonly name: string;
  /** Where in it, as a field path. */
  readonly place: string;
  /** Address of what it points at. */
  readonly uses: string;
  /** Its page in the workspace. */
  readonly link: string;
};

export type UnreadableDocument = { readonly what: string; readonly why: string; readonly identity: string };

/**
 * `done`: written and seen to hold. `already`: it was so when we looked just before. `held-back`: nobody approved it, or what
 * it needs does not run. `refused`: something else was approved under this address. `changed-meanwhile`: the object is no
 * longer what was planned on. `blocked`: this identity surely may not write it, or it needs something of which that is so;
 * `verb` says so too. `skipped`: a change that it depends on failed, or the run was interrupted. `failed`: see message.
 */
export type OutcomeState =
  'done' | 'already' | 'held-back' | 'refused' | 'changed-meanwhile' | 'blocked' | 'skipped' | 'failed';

export type OutcomeDocument = {
  readonly address: string;
  readonly display: string;
  readonly verb: Verb;
  readonly state: OutcomeState;
  /** True where a write request of this change reached the workspace. */
  readonly wrote: boolean;
  readonly message: string | null;
  readonly hint: string | null;
  /** Of what is blocked, in one word as in a plan. */
  readonly reason?: string;
  /** What the kind tells of the object once it is written, for example a webhook's id. */
  readonly outputs?: Readonly<Record<string, string>>;
};

/** What `show` prints as JSON. */
export type ShowDocument = {
  readonly format_version: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly workspace: PlanDocument['workspace'];
  /** When the record was saved last, and by whom; null where there is none. */
  readonly recorded: { readonly at: string; readonly identity: string; readonly serial: number } | null;
  readonly objects: readonly ShownObject[];
  /** Objects on record that only rules speak of, and that are not shown as nobody asked for one of them; left out where there are none. */
  readonly covered?: number;
};

export type ShownObject = {
  readonly address: string;
  readonly key: string;
  readonly id: string;
  readonly display: string;
  /** On record, and no longer in the file. */
  readonly orphan: boolean;
  /** Live fields by path; null where the object is gone. */
  readonly fields: Readonly<Record<string, PlainValue>> | null;
  readonly outputs: Readonly<Record<string, string>>;
  /** Field -> when its secret was applied. */
  readonly secrets: Readonly<Record<string, string>>;
};

/** What `history` prints as JSON. */
export type HistoryDocument = {
  readonly format_version: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly workspace: PlanDocument['workspace'];
  /** Newest first. */
  readonly applies: readonly ShownApply[];
};

export type ShownApply = {
  readonly serial: number;
  readonly at: string;
  readonly identity: string;
  /** False where the run died: what it was about to write is told, and not all of that may have been written. */
  readonly finished: boolean;
  /** Serial of the apply that this one undid; null where it was an apply of the file. */
  readonly rolls_back: number | null;
  /** Verb -> number of objects. */
  readonly summary: Readonly<Record<string, number>>;
  readonly changes: readonly ShownHistoryChange[];
};

export type ShownHistoryChange = {
  readonly address: string;
  readonly verb: string;
  readonly fields: readonly {
    readonly path: string;
    readonly before: PlainValue;
    readonly after: PlainValue;
  }[];
  /** Why `rollback` cannot undo it; null where it may. */
  readonly not_undoable: string | null;
};

/** What `validate` prints as JSON. */
export type ValidateDocument = {
  readonly format_version: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly files: readonly string[];
  readonly valid: boolean;
  readonly diagnostics: readonly DiagnosticDocument[];
};
