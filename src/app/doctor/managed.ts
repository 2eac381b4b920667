import { type Access, accessOf, type Writer } from '../../core/access.ts';
import type { Finding } from '../../core/doctor.ts';
import { ApiError } from '../../core/errors.ts';
import { KINDS } from '../../kinds/index.ts';
import { named } from './finding.ts';
import type { Ward } from './visit.ts';

export type Thing = { readonly id: string; readonly name: string };

/** What is asked about; `remark` ends every sentence about it. */
export type Asked = {
  /** Of these objects, for example `job`, and of several. */
  readonly kind: string;
  readonly plural: string;
  readonly things: readonly Thing[];
  readonly remark: string;
};

/** Codes of findings of one kind. */
export type Codes = { readonly managed: Finding['code']; readonly untold: Finding['code'] };

/** Which of them this identity may change, and which may not be. */
export async function managedFindings(ward: Ward, asked: Asked, codes: Codes): Promise<readonly Finding[]> {
  const { things, plural, kind } = asked;
  if (things.length === 0) return [];
  const about = {
    group: 'permissions',
    code: codes.managed,
    title: `${titled(plural)} that may be changed`,
  } as const;
  if (ward.person.isAdmin === true)
    return [{ ...about, status: 'ok', detail: `all: an admin manages every ${kind}` }];
  const verdicts = await Promise.all(things.map(({ id }) => readAccess(ward, kind, id)));
  const those = (access: Access): readonly string[] =>
    things.flatMap(({ name, id }, at) => (verdicts[at] === access ? [`${name} (${id})`] : []));
  return judged(about, codes, { ...asked, less: those('no'), untold: those('unknown') });
}

/**
 * Who may ask is documented nowhere, so a refusal tells nothing.
 * @throws what is neither an answer nor a refusal
 */
async function readAccess({ client, person, credentials }: Ward, name: string, id: string): Promise<Access> {
  const kind = KINDS.find((one) => one.name === name);
  if (kind?.access?.need !== 'level') return 'unknown';
  const writer: Writer = { ...person, isAdmin: person.isAdmin === true, host: credentials.host };
  try {
    const access = accessOf(await kind.connect(client).permissions?.(id), kind.access, writer);
    // A group of admins that is not shown cannot be ruled out.
    return access === 'no' && person.isAdmin === undefined ? 'unknown' : access;
  } catch (error) {
    if (isRefusal(error)) return 'unknown';
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500;
}

type About = Pick<Finding, 'group' | 'code' | 'title'>;
type Judged = Asked & { readonly less: readonly string[]; readonly untold: readonly string[] };

function judged(about: About, codes: Codes, told: Judged): readonly Finding[] {
  const { less, untold, things, plural, remark } = told;
  const all = `${things.length} that the configuration is about`;
  if (less.length === 0 && untold.length === 0)
    return [{ ...about, status: 'ok', detail: `all ${all}${remark}` }];
  const remedy = `give this identity CAN_MANAGE on the ${plural}, under Permissions on the page of each`;
  const lacking: Finding = {
    ...about,
    status: 'problem',
    detail: `${less.length} of the ${all} may not be: ${named(less)}${remark}`,
    remedy,
  };
  const hidden: Finding = {
    ...about,
    code: codes.untold,
    status: 'unknown',
    detail: `of ${untold.length} of the ${all} this identity is not told, as it may lack CAN_MANAGE, or have it through a nested group: ${named(untold)}${remark}`,
    remedy,
  };
  return [...(less.length > 0 ? [lacking] : []), ...(untold.length > 0 ? [hidden] : [])];
}

/** What the file names and nobody finds. */
export function missingFinding(about: About, plural: string, missing: readonly string[]): readonly Finding[] {
  if (missing.length === 0) return [];
  const names = named(missing.map((name) => `"${name}"`));
  const detail = `the configuration names ${names}, and this identity sees none of that name`;
  const remedy = `check the names, and that this identity has CAN_VIEW on these ${plural}`;
  return [{ ...about, status: 'warning', detail, remedy }];
}

function titled(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
