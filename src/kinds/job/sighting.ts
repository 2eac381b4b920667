import { asList, asObject, asText, type Json, type JsonObject } from '../client.ts';
import { BLOCKS } from './shape.ts';

/** What the rows of one listing have shown; only rows of wanted names are kept. */
export class Sighting {
  readonly names: ReadonlySet<string>;
  readonly rows: Json[] = [];
  /** Names that differ from a wanted one in upper and lower case only. */
  readonly near: string[] = [];
  readonly #folded: ReadonlySet<string>;
  /** Block -> the first row that showed it with something in it, which proves that lists tell of it. */
  readonly proof = new Map<string, JsonObject>();
  count = 0;

  constructor(names: ReadonlySet<string>) {
    this.names = names;
    this.#folded = new Set([...names].map((name) => name.toLowerCase()));
  }

  see(page: JsonObject): void {
    for (const raw of asList(page['jobs'])) {
      this.count += 1;
      for (const block of filledBlocks(raw)) if (!this.proof.has(block)) this.proof.set(block, asObject(raw));
      const name = nameOf(raw);
      if (this.names.has(name)) this.rows.push(raw);
      else if (this.#folded.has(name.toLowerCase())) this.near.push(name);
    }
  }
}

/** Notification blocks with something in them. */
export function filledBlocks(raw: Json): readonly string[] {
  const settings = settingsOf(raw);
  return BLOCKS.filter((block) => Object.keys(asObject(settings[block])).length > 0);
}

export function nameOf(raw: Json): string {
  return asText(settingsOf(raw)['name']);
}

export function idOf(raw: Json): string {
  return asText(asObject(raw)['job_id']);
}

function settingsOf(raw: Json): JsonObject {
  return asObject(asObject(raw)['settings']);
}
