import { InternalError, RecordError } from '../core/errors.ts';
import type { RecordDocument } from '../core/record.ts';
import { acquire, readHolder, unlock, type LockSite } from './lock.ts';
import type { Lock, LockHolder, LockOwner, RecordStore } from './port.ts';
import { parseRecord, refuseForeign, serialiseRecord, type RecordScope } from './record.ts';

/**
 * A record in one file, with its lock beside it. No store can compare and swap, so a save needs the lock, and the
 * record that it replaces must be the one that was loaded: same lineage, lower serial.
 */
export class StoredRecord implements RecordStore {
  readonly #record: LockSite;
  readonly #lockSite: LockSite;
  readonly #scope: RecordScope;
  #lock: Lock | null = null;
  /** What the file holds as far as we know: read again after the lock was taken. */
  #stored: RecordDocument | null | 'unread' = 'unread';
  /** The newest that was read or saved: what is planned rests on it. */
  #newest: RecordDocument | null = null;

  /** @param site the path of the record; its lock lies at `<path>.lock`. */
  constructor(site: LockSite, scope: RecordScope) {
    this.#record = site;
    this.#lockSite = { ...site, path: `${site.path}.lock` };
    this.#scope = scope;
  }

  describe(): string {
    return this.#record.place;
  }

  async load(): Promise<RecordDocument | null> {
    const text = await this.#read();
    const found = text === null ? null : parseRecord(text, this.#record.place, this.#scope);
    if (found !== null && this.#newest !== null) refuseSwapped(this.#newest, found, this.#record.place);
    this.#stored = found;
    this.#newest = found ?? this.#newest;
    return found;
  }

  async save(document: RecordDocument): Promise<void> {
    if (this.#lock === null) throw new InternalError('the record was to be saved without its lock');
    const text = serialiseRecord(document);
    refuseForeign(document, this.#record.place, this.#scope);
    await this.#lock.assertHeld();
    const stored = this.#stored === 'unread' ? await this.load() : this.#stored;
    if (stored !== null) refuseOvertaken(stored, document, this.#record.place);
    await this.#record.files.write(this.#record.path, text);
    this.#stored = document;
    this.#newest = document;
  }

  async lock(owner: LockOwner): Promise<Lock> {
    const lock = await acquire(this.#lockSite, owner);
    this.#lock = lock;
    this.#stored = 'unread';
    return {
      ...lock,
      release: async () => {
        await lock.release();
        if (this.#lock === lock) this.#lock = null;
      },
    };
  }

  readLock(): Promise<LockHolder | null> {
    return readHolder(this.#lockSite);
  }

  unlock(id: string): Promise<LockHolder> {
    return unlock(this.#lockSite, id);
  }

  async #read(): Promise<string | null> {
    const { files, path, place } = this.#record;
    const kind = await files.kind(path);
    if (kind !== 'other') return kind === 'absent' ? null : files.read(path);
    throw new RecordError(`the record (${place}) is not a file`, {
      hint: 'choose another path (settings.record), or remove what lies there',
    });
  }
}

/** Records only grow: one of another lineage, or an older copy, was laid there by somebody while we ran. */
function refuseSwapped(newest: RecordDocument, found: RecordDocument, place: string): void {
  const isGrown = newest.lineage === found.lineage && newest.serial <= found.serial;
  if (isGrown) return;
  throw new RecordError(
    `the record (${place}) was replaced while we ran: it was ${nameOf(newest)}, and is ${nameOf(found)}`,
    { code: 'record-lineage', hint: 'find out who replaced it, then run again, so that it is read afresh' },
  );
}

function nameOf({ lineage, serial }: RecordDocument): string {
  return `serial ${serial} of lineage ${lineage}`;
}

function refuseOvertaken(stored: RecordDocument, document: RecordDocument, place: string): void {
  if (stored.lineage !== document.lineage) {
    throw new RecordError(`the record (${place}) has another lineage than the one that was to be saved`, {
      code: 'record-lineage',
      hint: 'somebody replaced it: run again, so that it is read afresh',
    });
  }
  if (stored.serial < document.serial) return;
  throw new RecordError(
    `the record (${place}) was saved by ${stored.identity} in between: it is at ${stored.serial}, and ${document.serial} was to be saved`,
    { code: 'record-overtaken', hint: 'run again, so that it is read afresh' },
  );
}
