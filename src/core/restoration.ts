import type { RecordedObject, RecordedSecret } from './record.ts';

/** What becomes of the record entry of an object of which an apply was undone. */
export type Restoration = {
  /** What was on record before that apply; null where nothing was. */
  readonly was: RecordedObject | null;
  /** Fields that went back. */
  readonly paths: readonly string[] | 'all';
  /** Nothing was on record before, and nothing else was applied since: it is somebody else's again. */
  readonly isForgotten: boolean;
};

/**
 * Pure: the entry that a write would leave -> the entry as it was before the undone apply, with what later applies added.
 * @returns null where the object is forgotten.
 */
export function restored(
  written: RecordedObject,
  { was, paths, isForgotten }: Restoration,
  now: RecordedObject | undefined,
): RecordedObject | null {
  if (isForgotten) return null;
  if (was !== null && (paths === 'all' || now === undefined)) return { ...was, ...identityOf(written, was) };
  const base = now ?? written;
  const former = was ?? NOTHING;
  const back = paths === 'all' ? [] : paths;
  return {
    ...base,
    ...identityOf(written, base),
    name: written.name,
    statement: was === null ? base.statement : was.statement,
    applied: laidOver(base.applied, former.applied, back),
    added: laidOver(base.added, former.added, back),
    before: laidOver(base.before, former.before, back),
    secrets: freshly(laidOver(base.secrets, former.secrets, back), written),
  };
}

const NOTHING = { applied: {}, added: {}, before: {}, secrets: {} } as const;

function identityOf(
  { id, secrets, replacing }: RecordedObject,
  entry: RecordedObject,
): Pick<RecordedObject, 'id' | 'secrets' | 'replacing'> {
  const known = { id, secrets: freshly(entry.secrets, { secrets }) };
  return replacing === undefined ? known : { ...known, replacing };
}

/** What was sent just now has a new fingerprint and a new time. */
function freshly(
  secrets: RecordedObject['secrets'],
  { secrets: sent }: Pick<RecordedObject, 'secrets'>,
): Readonly<Record<string, RecordedSecret>> {
  return Object.fromEntries(
    Object.entries(secrets).map(([path, secret]) => {
      const now = sent[path];
      return [path, now?.label === secret.label ? now : secret];
    }),
  );
}

function laidOver<Entry>(
  now: Readonly<Record<string, Entry>>,
  was: Readonly<Record<string, Entry>>,
  paths: readonly string[],
): Readonly<Record<string, Entry>> {
  const kept = Object.entries(now).filter(([path]) => !paths.includes(path));
  const back = Object.entries(was).filter(([path]) => paths.includes(path));
  return Object.fromEntries([...kept, ...back]);
}
