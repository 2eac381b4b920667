type Row<T> = { readonly value: T | undefined; readonly before: T | undefined; staleReads: number };

/** Objects by id. After a write, a number of reads still see what was there before it. */
export class Table<T> {
  readonly #rows = new Map<string, Row<T>>();

  /** The truth, as writes and checks see it. */
  get(id: string): T | undefined {
    return this.#rows.get(id)?.value;
  }

  /** What a GET answers. */
  read(id: string): T | undefined {
    const row = this.#rows.get(id);
    if (row === undefined || row.staleReads === 0) return row?.value;
    row.staleReads -= 1;
    return row.before;
  }

  /** What a list answers when it is the only way to read; it reads every object once. */
  readAll(): readonly T[] {
    return [...this.#rows.keys()].flatMap((id) => this.read(id) ?? []);
  }

  /** @param staleReads how many following reads still see the value from before. */
  set(id: string, value: T, staleReads = 0): void {
    this.#rows.set(id, { value, before: this.get(id), staleReads });
  }

  delete(id: string, staleReads = 0): void {
    if (staleReads === 0) this.#rows.delete(id);
    else this.#rows.set(id, { value: undefined, before: this.get(id), staleReads });
  }

  values(): readonly T[] {
    return [...this.#rows.values()].flatMap((row) => (row.value === undefined ? [] : [row.value]));
  }
}
