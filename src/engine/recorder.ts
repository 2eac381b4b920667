import type { RecordDocument } from '../core/record.ts';

export type RecorderPorts = {
  /** Stamps (serial, time, who) and writes. */
  readonly save: (document: RecordDocument) => Promise<RecordDocument>;
};

/** A full save costs a request or two, so plain updates are saved in groups of this many. */
const EDITS_PER_SAVE = 50;

/** The record while an apply runs: edits are laid in at once, saves follow one another and take all edits so far. */
export class Recorder {
  #document: RecordDocument;
  readonly #ports: RecorderPorts;
  #unsaved = 0;
  #saving: Promise<void> = Promise.resolve();

  constructor(document: RecordDocument, ports: RecorderPorts) {
    this.#document = document;
    this.#ports = ports;
  }

  get document(): RecordDocument {
    return this.#document;
  }

  edit(change: (document: RecordDocument) => RecordDocument): void {
    this.#document = change(this.#document);
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
    const saved = await this.#ports.save(this.#document).catch((error: unknown) => {
      this.#unsaved += unsaved;
      throw error;
    });
    this.#document = {
      ...this.#document,
      serial: saved.serial,
      updated_at: saved.updated_at,
      identity: saved.identity,
    };
  }
}
