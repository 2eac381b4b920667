/** Parts of the report, in the order in which they are read. */
export const FINDING_GROUPS = [
  'sign-in',
  'workspace',
  'permissions',
  'federation',
  'github',
  'requests',
  'installation',
] as const;

export type FindingGroup = (typeof FINDING_GROUPS)[number];

/**
 * `problem`: it keeps lakebell from doing what the configuration asks for. `warning`: it works, and should be looked at.
 * `unknown`: it could not be found out.
 */
export const FINDING_STATUSES = ['problem', 'warning', 'unknown', 'ok'] as const;

export type FindingStatus = (typeof FINDING_STATUSES)[number];

/** Something to paste; `title` says where. */
export type Snippet = {
  readonly title: string;
  readonly language: 'sh' | 'sql' | 'hcl' | 'json' | 'yaml';
  readonly text: string;
};

/** What is so, and what to do about it: only what is in order needs no remedy. */
export type Finding = {
  readonly group: FindingGroup;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly snippets?: readonly Snippet[];
} & (
  | { readonly status: 'ok'; readonly remedy?: never }
  | { readonly status: Exclude<FindingStatus, 'ok'>; readonly remedy: string }
);

/** One way to sign in, and why it was chosen or passed over. */
export type ConsideredMethod = { readonly name: string; readonly chosen: boolean; readonly why: string };

/** What `doctor` prints as JSON and every renderer reads. */
export type DoctorDocument = {
  readonly format_version: string;
  readonly tool: { readonly name: string; readonly version: string };
  /** What is not known is null. */
  readonly workspace: {
    readonly target: string | null;
    readonly host: string | null;
    readonly workspace_id: string | null;
    readonly identity: string | null;
  };
  readonly sign_in: {
    readonly method: string | null;
    /** In the order in which they are tried. */
    readonly considered: readonly ConsideredMethod[];
  };
  /** False where one of the findings is a problem. */
  readonly healthy: boolean;
  readonly summary: Readonly<Record<FindingStatus, number>>;
  readonly findings: readonly FindingDocument[];
  /** Over the wire to the workspace, those that sign in left out. */
  readonly requests: { readonly count: number; readonly retried: number; readonly seconds: number };
};

export type FindingDocument = {
  readonly group: FindingGroup;
  readonly code: string;
  readonly status: FindingStatus;
  readonly title: string;
  readonly detail: string;
  readonly remedy: string | null;
  readonly snippets: readonly Snippet[];
};

export function findingDocument({ snippets = [], remedy = '', ...finding }: Finding): FindingDocument {
  const { group, code, status, title, detail } = finding;
  return { group, code, status, title, detail, remedy: remedy === '' ? null : remedy, snippets };
}

export function countFindings(findings: readonly Finding[]): Readonly<Record<FindingStatus, number>> {
  const count = (status: FindingStatus): number =>
    findings.filter((finding) => finding.status === status).length;
  return {
    problem: count('problem'),
    warning: count('warning'),
    unknown: count('unknown'),
    ok: count('ok'),
  };
}
