import type { RecordDocument, RecordedObject } from '../core/record.ts';
import type { Address } from '../core/value.ts';

export type RecorderPorts = {
  /** Stamps (serial, time, who) and writes. */
  readonly save: (document: RecordDocument) => Promise<RecordDocument>;
};

/** A full save costs a request or two, so plain updates are saved in groups of this many. */
const EDITS_PER_SAVE = 50;

/** The record while an apply runs: edits are laid in at once, saves follow one another and take all edits so far. */
export class Recorder {
  #document: RecordDocument;
  /** Laid over its objects; null takes one out. Thousands of them are laid in one by one, and copied together. */
  readonly #laid = new Map<Address, RecordedObject | null>();
  readonly #ports: RecorderPorts;
  #unsaved = 0;
  #saving: Promise<void> = Promise.resolve();

  constructor(document: RecordDocument, ports: RecorderPorts) {
    this.#document = document;
    this.#ports = ports;
  }

  get document(): RecordDocument {
    if (this.#laid.size === 0) return this.#document;
    const objects: Record<Address, RecordedObject> = { ...this.#document.objects };
    for (const [address, object] of this.#laid) {
      if (object === null) delete objects[address];
      else objects[address] = object;
    }
    this.#laid.clear();
    this.#document = { ...this.#document, objects };
    return this.#document;
  }

  edit(change: (document: RecordDocument) => RecordDocument): void {
    this.#document = change(this.document);
    this.#unsaved += 1;
  }

  hasIntent(address: Address): boolean {
    return this.#document.intents[address] !== undefined;
  }

  objectAt(address: Address): RecordedObject | undefined {
    const laid = this.#laid.get(address);
    return laid === undefined ? this.#document.objects[address] : (laid ?? undefined);
  }

  /** @param object null takes it out. */
  lay(address: Address, object: RecordedObject | null): void {
    this.#laid.set(address, object);
    this.#unsaved += 1;
  }

  /** Resolves once every edit made before the call is saved; where a save fails, the next one takes its edits along. */
  flush(): Promise<void> {
    const saving = this.#saving.then(() => this.#save());
    this.#saving = saving.catch(() => undefined);
    return saving;
  }

  flushWhenDue(): Promise<void> {
    return this.#unsaved >= EDITS_PER_SAVE ? this.flush() : Promise.resolve();
  }

  async #save(): Promise<void> {
    const unsaved = this.#unsaved;
    if (unsaved === 0) return;
    this.#unsaved = 0;
    const saved = await this.#ports.save(this.document).catch((error: unknown) => {
      this.#unsaved += unsaved;
      throw error;
    });
    this.#document = {
      ...this.document,
      serial: saved.serial,
      updated_at: saved.updated_at,
      identity: saved.identity,
    };
  }
}
