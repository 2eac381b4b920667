import type { PlanDocument, ValidateDocument } from '../core/document.ts';
import { inertJson } from './inert.ts';
import { PLAN_FORMAT_VERSION } from './plan-document.ts';

/**
 * One JSON document with a trailing newline; equal plans give equal bytes. Several plans, or `isMany` for `--all-targets`
 * where only one is left, come as `{format_version, plans}`.
 */
export function renderJson(documents: readonly PlanDocument[], isMany = false): string {
  const isOne = documents.length === 1 && !isMany;
  return pretty(isOne ? documents[0] : { format_version: PLAN_FORMAT_VERSION, plans: documents });
}

/** What `validate` prints as JSON. */
export function renderValidateJson(document: ValidateDocument): string {
  return pretty(document);
}

// The order in which a person reads any of the objects; what is not named here follows in alphabetical order.
const KEYS: readonly string[] = `
  format_version tool name version config files sha256 workspace target host workspace_id what why
  identity valid summary changes address key display verb state wrote id source fields requires op
  repository url branch commit
  path before applied after verdict origin reason code severity guard message allow allowed users user uses link place file
  line column setting hint diagnostics refusals loosened unreadable complete repairs digest requests count
  retried seconds notes outcomes
  drift edited deleted plans create update replace delete adopt detach rotate blocked noop drifted foreign
`
  .trim()
  .split(/\s+/u);

function pretty(value: unknown): string {
  const json = JSON.stringify(
    value,
    (_key, inner: unknown) => (isObject(inner) ? sortKeys(inner) : inner),
    2,
  );
  return `${inertJson(json)}\n`;
}

/** Most objects are in order already, and a large plan has thousands. */
function sortKeys(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const keys = Object.keys(value);
  const isSorted = keys.every((key, at) => at === 0 || compare(keys[at - 1] ?? '', key) <= 0);
  return isSorted ? value : Object.fromEntries(keys.sort(compare).map((key) => [key, value[key]]));
}

function compare(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

const RANKS: ReadonlyMap<string, number> = new Map(KEYS.map((key, at) => [key, at]));

function rank(key: string): number {
  return RANKS.get(key) ?? KEYS.length;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
