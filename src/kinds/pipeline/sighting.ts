import { asList, asObject, asText, type Json, type JsonObject } from '../client.ts';

/** What the rows of one listing have shown; only rows of wanted names are kept. */
export class Sighting {
  readonly names: ReadonlySet<string>;
  /** By id: a list that shifts while it is paged shows one twice. */
  readonly rows = new Map<string, Json>();
  /** Names that differ from a wanted one in upper and lower case only. */
  readonly near = new Set<string>();
  readonly #folded: ReadonlySet<string>;
  readonly #seen = new Set<string>();
  count = 0;

  constructor(names: ReadonlySet<string>) {
    this.names = names;
    this.#folded = new Set([...names].map((name) => name.toLowerCase()));
  }

  see(page: JsonObject): void {
    for (const raw of asList(page['statuses'])) {
      this.count += 1;
      const { name, pipeline_id: id } = asObject(raw);
      const text = asText(name);
      if (!this.#folded.has(text.toLowerCase())) continue;
      this.#seen.add(text.toLowerCase());
      if (this.names.has(text)) this.rows.set(asText(id), raw);
      else this.near.add(text);
    }
  }

  /** Whether a row of this name was seen, in whatever spelling. */
  knows(name: string): boolean {
    return this.#seen.has(name.toLowerCase());
  }
}
