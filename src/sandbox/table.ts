type Row<T> = { readonly value: T | undefined; readonly before: T | undefined; staleReads: number };

/** Objects by id. After a write, a number of reads still see what was there before it. */
export class Table<T extends { readonly key: string }> {
  readonly #rows = new Map<string, Row<T>>();
  /** What `values` answers, until something changes: each page of a list asks for all of them. */
  #sorted: readonly T[] | undefined;

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
    this.#sorted = undefined;
  }

  delete(id: string, staleReads = 0): void {
    this.#sorted = undefined;
    if (staleReads === 0) this.#rows.delete(id);
    else this.#rows.set(id, { value: undefined, before: this.get(id), staleReads });
  }

  /** In the order of their keys. */
  values(): readonly T[] {
    this.#sorted ??= [...this.#rows.values()]
      .flatMap((row) => (row.value === undefined ? [] : [row.value]))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    return this.#sorted;
  }
}
