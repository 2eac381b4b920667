import type { Files } from '../../../src/record/port.ts';

/** Files in memory; `step` runs before each operation takes effect, so that a scheduler can order them. */
export class MemoryFiles implements Files {
  readonly texts = new Map<string, string>();
  readonly #step: (label: string) => Promise<void>;

  constructor(step: (label: string) => Promise<void> = () => Promise.resolve()) {
    this.#step = step;
  }

  async kind(path: string): Promise<'absent' | 'file' | 'other'> {
    await this.#step(`kind ${path}`);
    return this.texts.has(path) ? 'file' : 'absent';
  }

  async read(path: string): Promise<string | null> {
    await this.#step(`read ${path}`);
    return this.texts.get(path) ?? null;
  }

  async write(path: string, text: string): Promise<void> {
    await this.#step(`write ${path}`);
    this.texts.set(path, text);
  }

  async create(path: string, text: string): Promise<boolean> {
    await this.#step(`create ${path}`);
    if (this.texts.has(path)) return false;
    this.texts.set(path, text);
    return true;
  }

  async remove(path: string): Promise<void> {
    await this.#step(`remove ${path}`);
    this.texts.delete(path);
  }
}
