import type { ApprovedOp } from '../core/record.ts';

/** What a check run says that a merge may apply: for one configuration, target and workspace. */
export type ApprovalNote = {
  readonly config: string;
  readonly target: string | null;
  readonly workspaceId: string;
  readonly digest: string;
  /** Null where there are more than the check can list: then the digest must be equal as a whole. */
  readonly ops: readonly ApprovedOp[] | null;
};

/** GitHub takes 65,535 characters; what we write is ASCII, so that characters are bytes. */
const MOST = 60_000;

/** Markdown with the note as JSON in a block that no content can close. */
export function renderApprovalNote(note: ApprovalNote): string {
  const whole = wrap(note);
  return whole.length <= MOST ? whole : wrap({ ...note, ops: null });
}

/** The note in a check run's text; null for anything that is not exactly one. */
export function readApprovalNote(text: string): ApprovalNote | null {
  const [block, ...others] = [...text.replaceAll('\r\n', '\n').matchAll(BLOCK)];
  if (block?.[1] === undefined || others.length > 0) return null;
  const note = noteOf(parseJson(block[1]));
  // Of two members of one name readers take different ones: only what we would write ourselves is read.
  return note !== null && jsonOf(note) === block[1] ? note : null;
}

const BLOCK = /(?<![^\n])```json\n(.*?)\n```(?![^\n])/gsu;
const DIGEST = /^sha256:[0-9a-f]{64}$/u;
const VERSION = 1;

function wrap(note: ApprovalNote): string {
  return [
    'Operations that merging applies, as long as they are still current.',
    '',
    '```json',
    jsonOf(note),
    '```',
  ].join('\n');
}

function jsonOf({ config, target, workspaceId, digest, ops }: ApprovalNote): string {
  const head = { lakebell_approval: VERSION, config, target, workspace_id: workspaceId, digest };
  const list = ops === null ? 'null' : `[${ops.map(line).join(',')}\n  ]`;
  return `${ascii(head).slice(0, -1)},\n  "ops": ${list}\n}`;
}

function line({ address, op }: ApprovedOp): string {
  return `\n    ${ascii([address, op])}`;
}

/** JSON of visible ASCII without a backtick or a bracket of HTML. */
function ascii(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]|[`<>&]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function noteOf(json: unknown): ApprovalNote | null {
  if (!isObject(json) || json['lakebell_approval'] !== VERSION) return null;
  const { config, target, workspace_id: workspaceId, digest } = json;
  const ops = json['ops'] === null ? null : opsOf(json['ops']);
  if (!isText(config) || !isText(workspaceId) || !isDigest(digest) || ops === undefined) return null;
  return target === null || isText(target) ? { config, target, workspaceId, digest, ops } : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isDigest(value: unknown): value is string {
  return isText(value) && DIGEST.test(value);
}

function opsOf(json: unknown): readonly ApprovedOp[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const ops = json.map((item: unknown) => opOf(item));
  return ops.every((op) => op !== undefined) ? ops : undefined;
}

function opOf(json: unknown): ApprovedOp | undefined {
  const [address, op, ...rest] = Array.isArray(json) ? (json as readonly unknown[]) : [];
  return isText(address) && isDigest(op) && rest.length === 0 ? { address, op } : undefined;
}
