import { diskReader } from '../config/disk-reader.ts';
import { edit } from '../config/edit.ts';
import { type Ask, type PlacedEdit, type Wanted, leave, writeByHand } from './accept-ground.ts';

/** File -> text, of files that were read or are about to be written. */
export type Texts = ReadonlyMap<string, string>;

export type EditedFile = { readonly path: string; readonly before: string; readonly after: string };

/** The files of a configuration as they are. */
export async function textsOf(files: readonly string[]): Promise<Texts> {
  return new Map(await Promise.all(files.map(async (file) => [file, await diskReader.read(file)] as const)));
}

/** Those of which every edit can be made; a refused one takes the others of its own ask with it. */
export function editable(texts: Texts, asks: readonly Ask[]): Wanted {
  const { refused } = make(texts, asks);
  if (refused.size === 0) return { asks, left: [] };
  const rest = editable(
    texts,
    asks.filter((ask) => !refused.has(ask)),
  );
  const left = [...refused].map(([ask, why]) => leave(ask, why, writeByHand(ask.byHand)));
  return { asks: rest.asks, left: [...left, ...rest.left] };
}

export type Made = { readonly texts: Texts; readonly refused: ReadonlyMap<Ask, string> };

/** The texts with every edit made that can be. */
export function make(texts: Texts, asks: readonly Ask[]): Made {
  const refused = new Map<Ask, string>();
  const made = new Map(texts);
  for (const [file, text] of texts) {
    const placed = asks.flatMap((ask) => editsIn(file, ask).map((one) => ({ ask, edit: one.edit })));
    if (placed.length === 0) continue;
    const edited = edit(
      text,
      placed.map((one) => one.edit),
    );
    made.set(file, edited.text);
    for (const refusal of edited.refused) {
      const found = placed.find((one) => one.edit === refusal.edit);
      if (found !== undefined) refused.set(found.ask, refusal.why);
    }
  }
  return { texts: made, refused };
}

function editsIn(file: string, { edits }: Ask): readonly PlacedEdit[] {
  return edits.filter((one) => one.file === file);
}

/** The files that these would change. */
export function filesOf(texts: Texts, asks: readonly Ask[]): readonly EditedFile[] {
  const { texts: made } = make(texts, asks);
  return [...texts].flatMap(([path, before]) => {
    const after = made.get(path) ?? before;
    return after === before ? [] : [{ path, before, after }];
  });
}
