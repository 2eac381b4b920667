import type { DiagnosticDocument, PlanDocument } from '../core/document.ts';
import type { Phrase } from './phrase.ts';

/** What is posted about a run: one section for each target, and where it all comes from. */
export type Review = {
  readonly config: string;
  readonly sections: readonly Section[];
  readonly provenance: Provenance;
  /** What could not be done besides, for example a missing permission. */
  readonly warnings: readonly Phrase[];
};

export type Section = {
  /** Null where the configuration has no targets. */
  readonly target: string | null;
  readonly content: Content;
  /** What the merge will do with it; null where no merge will. */
  readonly outlook: Phrase | null;
};

export type Content =
  | { readonly is: 'plan' | 'outcome' | 'drift'; readonly document: PlanDocument }
  /** Planned, and then not applied. */
  | { readonly is: 'stopped'; readonly document: PlanDocument; readonly failure: Failure }
  /** Checked without a look at the workspace. */
  | { readonly is: 'checked'; readonly why: string; readonly diagnostics: readonly DiagnosticDocument[] }
  | { readonly is: 'failure'; readonly failure: Failure };

export type Failure = {
  readonly message: string;
  readonly hint: string | null;
  readonly diagnostics: readonly DiagnosticDocument[];
};

export type Provenance = {
  readonly commit: Reference | null;
  readonly run: Reference | null;
  /** Milliseconds since 1970. */
  readonly at: number;
};

export type Reference = { readonly label: string; readonly url: string };
