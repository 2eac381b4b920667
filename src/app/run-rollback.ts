import { isPending, type Pending } from '../core/change.ts';
import { type ExitCode, SettingsError } from '../core/errors.ts';
import type { HistoryEntry, RecordDocument } from '../core/record.ts';
import type { FieldRule, Obstacle } from '../core/resource.ts';
import { restored } from '../core/restoration.ts';
import { planRollback } from '../core/rollback-plan.ts';
import { invert } from '../core/rollback.ts';
import type { Address } from '../core/value.ts';
import { missingSecrets } from '../engine/secrets.ts';
import type { Host } from '../host/host.ts';
import { KINDS } from '../kinds/index.ts';
import { type FormerSecrets, formerSecrets } from './former-secret.ts';
import type { RollbackOptions } from './options.ts';
import { runApply } from './run-plan.ts';
import { type Session, loadRecord, openSession } from './session.ts';
import type { Basis, Source } from './source.ts';

/** The inverse of a recorded apply, planned, judged, approved, executed and recorded like any apply. */
export async function runRollback(host: Host, options: RollbackOptions): Promise<ExitCode> {
  if (options.allTargets) {
    const hint = 'every target has a history of its own: name one with --target';
    throw new SettingsError('a rollback is for one target', { hint });
  }
  return runApply(host, options, (session) => prepare(session, options));
}

async function prepare(session: Session, options: RollbackOptions): Promise<Session> {
  const { document: record } = await loadRecord(session);
  const entry = entryFor(record, options.serial);
  const secrets = formerSecrets(session.config.secrets, session.host.env);
  const source = sourceOf(session, entry, secrets);
  // Which secrets it takes is known once it was made; the client has to know them, so that it never shows one.
  source.from(record);
  return { ...(await knowing(session, options, secrets)), source };
}

/** @throws SettingsError where no such apply is remembered. */
function entryFor(record: RecordDocument | null, serial: number | undefined): HistoryEntry {
  const found = record === null ? undefined : chosen(record.history, serial);
  if (found !== undefined) return found;
  const what = serial === undefined ? 'no apply is on record' : `no apply on record has the serial ${serial}`;
  const hint =
    record === null
      ? '`settings.record: none` remembers nothing, so nothing can be undone'
      : '`lakebell history` lists those that are remembered';
  throw new SettingsError(what, { hint });
}

function chosen(history: readonly HistoryEntry[], serial: number | undefined): HistoryEntry | undefined {
  const newest = history.findLast(({ changes }) => changes.length > 0);
  // A rollback that died goes on; undoing what it was about to write would be the way back.
  const wanted = serial ?? (newest?.open === true ? newest.rolls_back : undefined);
  if (wanted === undefined) return newest;
  const named = history.filter((entry) => entry.serial === wanted);
  // A run that died has the serial of the one before it.
  return named.find(({ open }) => open !== true) ?? named[0];
}

function sourceOf(session: Session, entry: HistoryEntry, { secretOf }: FormerSecrets): Source {
  return {
    serial: entry.serial,
    notes: [
      `this undoes what was applied ${entry.at} by ${entry.identity} (serial ${entry.serial})`,
      'the file still says otherwise: the next plan shows its difference again, until the file is changed too',
    ],
    from: (record) => basisOf(session, { entry, record, secretOf }),
  };
}

type Ground = Pick<FormerSecrets, 'secretOf'> & {
  readonly entry: HistoryEntry;
  readonly record: RecordDocument | null;
};

function basisOf(session: Session, { entry, record, secretOf }: Ground): Basis {
  const consentsOf = (kind: string, key: string): readonly string[] =>
    session.resources.find((one) => one.kind === kind && one.key === key)?.consents ?? [];
  const isWhole = (name: string): boolean => kindOf(name)?.ownership === 'whole';
  const inverse = invert(entry, { record, rulesOf, isWhole, secretOf, consentsOf });
  const restorations = new Map(
    inverse.wanted.map(({ resource, restoration }) => [resource.address, restoration]),
  );
  return {
    resources: inverse.wanted.map(({ resource }) => resource),
    draw: (input, ground) => planRollback(inverse, { input, ground, missing: unset }),
    remember: (address, written) => {
      const restoration = restorations.get(address);
      return restoration === undefined ? written : restored(written, restoration, record?.objects[address]);
    },
  };
}

function kindOf(name: string): (typeof KINDS)[number] | undefined {
  return KINDS.find((kind) => kind.name === name);
}

function rulesOf(name: string): readonly FieldRule[] {
  return kindOf(name)?.rules ?? [];
}

/** A secret that is not set is never sent empty: what needs it is left out, and says so. */
function unset(changes: readonly Pending[]): ReadonlyMap<Address, Obstacle> {
  const missing = missingSecrets(changes.filter(isPending), rulesOf);
  return new Map(
    missing.map(({ change, path, secret }) => {
      const names = secret.variables.join(', ');
      const message = `${path} was ${secret.label}, and ${names} is not set`;
      const hint = `set ${names} in the environment; the value itself is not stored anywhere`;
      return [change.address, { reason: 'secret-unset', message, hint }];
    }),
  );
}

async function knowing(
  session: Session,
  options: RollbackOptions,
  { made }: FormerSecrets,
): Promise<Session> {
  const further = made().filter(({ isAvailable }) => isAvailable);
  if (further.length === 0) return session;
  const { config, resources, rules, diagnostics, host } = session;
  const secrets = [...config.secrets, ...further];
  const loaded = { config: { ...config, secrets }, resources, rules, diagnostics };
  return openSession(host, options, { loaded, access: 'write' });
}
