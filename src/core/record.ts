import type { Address, Scalar } from './value.ts';

/** What is remembered between runs, one document per configuration and target (contract §5). Values are JSON. */
export type RecordDocument = {
  readonly format_version: string;
  readonly tool: { readonly name: string; readonly version: string };
  /** A UUID made with the first record; a record of another lineage is refused. */
  readonly lineage: string;
  /** Counts saves; a lower one than expected means that somebody else wrote in between. */
  readonly serial: number;
  readonly config: string;
  readonly target: string | null;
  readonly workspace_id: string;
  readonly updated_at: string;
  readonly identity: string;
  readonly objects: Readonly<Record<Address, RecordedObject>>;
  readonly intents: Readonly<Record<Address, Intent>>;
  /** The approval of the latest apply: lets an interrupted one go on under the same digest. */
  readonly approval: RecordedApproval | null;
  /** Guard settings that were last applied, so that a pull request that loosens one can be told. */
  readonly guards: Readonly<Record<string, Scalar | readonly string[]>>;
  readonly jobs_seen: number | null;
  /** Rule -> hash of what it said when it was applied; records of before there were rules lack it. */
  readonly rules?: Readonly<Record<string, string>>;
  /** Newest last; bounded. */
  readonly history: readonly HistoryEntry[];
};

export type RecordedValue = Scalar | readonly Scalar[];

export type RecordedObject = {
  readonly kind: string;
  /** The key in the file. */
  readonly key: string;
  readonly id: string;
  /** The name as last applied. */
  readonly name: string;
  /** What cannot change in place, as last applied. */
  readonly traits: Readonly<Record<string, string>>;
  /** Hash of the statement that was last applied. */
  readonly statement: string;
  /** Path -> value as last applied; references as `destination/key`; never a secret. */
  readonly applied: Readonly<Record<string, RecordedValue>>;
  /** Path -> members that our own applies added to a list (objects that we own in part). */
  readonly added: Readonly<Record<string, readonly string[]>>;
  /** Path -> what a scalar was before we first set it (objects that we own in part). */
  readonly before: Readonly<Record<string, Scalar>>;
  readonly secrets: Readonly<Record<string, RecordedSecret>>;
  /** Keys of the rules that covered it when it was last applied; left out where none did. */
  readonly rules?: readonly string[];
  /** An old object that a replace has not deleted yet. */
  readonly replacing?: {
    readonly id: string;
    readonly name: string;
    readonly traits: Readonly<Record<string, string>>;
  };
};

export type RecordedSecret = {
  /** The label, `(secret NAME)`. */
  readonly label: string;
  readonly fingerprint: Fingerprint | null;
  /** ISO time of the apply that set it. */
  readonly applied_at: string;
  /** Environment variables that it was made of; records of before this was kept lack it. */
  readonly variables?: readonly string[];
};

/** `scrypt` of the value, or of its HMAC where LAKEBELL_FINGERPRINT_KEY is set. */
export type Fingerprint = {
  readonly scheme: 'scrypt' | 'hmac-scrypt';
  readonly salt: string;
  readonly hash: string;
};

export type Intent = { readonly name: string; readonly at: string; readonly run: string };

export type RecordedApproval = { readonly digest: string; readonly ops: readonly ApprovedOp[] };

export type ApprovedOp = { readonly address: Address; readonly op: string };

export type HistoryEntry = {
  readonly serial: number;
  readonly at: string;
  readonly identity: string;
  readonly changes: readonly HistoryChange[];
  /** Written before the first write, and never completed: the run died, and what of it was written is not known. */
  readonly open?: boolean;
  /** Serial of the apply that this one undid. */
  readonly rolls_back?: number;
};

export type HistoryChange = {
  readonly address: Address;
  readonly verb: string;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  /** What an inverse needs; null where that was too large to be kept. Records of before this was kept lack it. */
  readonly undo?: Undo | null;
};

/** What one change found and left, so that it can be undone; a secret is its label and its variables. */
export type Undo = {
  readonly kind: string;
  readonly key: string;
  /** The object that it left; null where it left none, or where the run died before it was known. */
  readonly id: string | null;
  /** The name that it left. */
  readonly name: string;
  /** Path -> before and after, for every field that was written. */
  readonly fields: Readonly<Record<string, { readonly before: KeptValue; readonly after: KeptValue }>>;
  /** What was on record of the object before; null where nothing was. */
  readonly was: RecordedObject | null;
  /** Hash of the statement that it left on record; null where it left nothing there. */
  readonly statement: string | null;
};

export type KeptValue = KeptItem | readonly KeptItem[];

/** `lost`: nobody knows what was there, as it cannot be read back and was not on record. */
export type KeptItem =
  | Scalar
  | { readonly kind: string; readonly id?: string; readonly address?: Address }
  | { readonly secret: string; readonly variables: readonly string[] }
  | { readonly lost: true };

export type RecordIndex = (declared: {
  readonly kind: string;
  readonly key: string;
}) => RecordedObject | undefined;

/** Finds what is on record of a declared object: those that we own in part are kept under their id, with the key beside it. */
export function indexRecord(record: RecordDocument | null): RecordIndex {
  const index = new Map(
    Object.values(record?.objects ?? {}).map((object) => [`${object.kind}/${object.key}`, object]),
  );
  return ({ kind, key }) => index.get(`${kind}/${key}`);
}
