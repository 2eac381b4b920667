/** Options that every command takes. */
export type CommonOptions = {
  readonly config: string;
  readonly target: string | undefined;
  readonly allTargets: boolean;
  readonly format: 'text' | 'json' | 'markdown';
  readonly profile: string | undefined;
  readonly host: string | undefined;
  readonly color: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
};

/** What `--repair` may name. */
export const REPAIRS = ['dangling'] as const;
export type Repair = (typeof REPAIRS)[number];

export type PlanOptions = CommonOptions & {
  readonly out: string | undefined;
  /** Address globs; empty means all. */
  readonly only: readonly string[];
  readonly detailedExitcode: boolean;
  readonly requireSecrets: boolean;
  readonly rotate: readonly string[];
  readonly replace: readonly string[];
  /** Address globs: where what is in these objects comes from is told too. */
  readonly explain: readonly string[];
  /** What is put right besides; left out where a command has no such option. */
  readonly repair?: readonly Repair[];
  /** Guards that are lifted for this run. */
  readonly allow: readonly string[];
};

export type ApplyOptions = PlanOptions & {
  readonly approve: string | undefined;
  readonly plan: string | undefined;
  readonly autoApprove: boolean;
  readonly noRemovals: boolean;
  /** Milliseconds; 0 is not to wait. */
  readonly lockTimeoutMs: number;
};

/** `accept`: take over into the file what was changed by hand. */
export type DriftOptions = PlanOptions & { readonly accept: boolean };

/** `address`: a glob over addresses, or undefined for all. */
export type ShowOptions = CommonOptions & { readonly address: string | undefined };

/** `serial`: of one apply, or undefined for all of them. */
export type HistoryOptions = CommonOptions & { readonly serial: number | undefined };

/** `serial`: of the apply to undo, or undefined for the newest. */
export type RollbackOptions = ApplyOptions & { readonly serial: number | undefined };

export type UnlockOptions = CommonOptions & { readonly id: string };

export type SandboxOptions = { readonly port: number; readonly seed: string | undefined };
