import type { Change } from '../core/change.ts';
import type { Position } from '../core/diagnostic.ts';
import type { EntryPath } from '../core/entry.ts';
import {
  type Ask,
  type Ground,
  type Left,
  type PlacedEdit,
  entryPath,
  isSamePlace,
  isThere,
  leave,
  nested,
  sharedWith,
  writeByHand,
} from './accept-ground.ts';

/** The edits that make the file forget what somebody deleted by hand; for this target only, where there are several. */
export function wantDeleted(change: Change, ground: Ground): Ask | Left {
  const path = entryPath(change);
  const place = { change, paths: [], at: ground.config.positionOf(path) };
  const match = ground.matches.get(`${change.kind}/${change.key}`);
  // It goes by another name now, and what the file says of it is still meant.
  if (match?.state === 'absent' && match.clue !== undefined)
    return leave(place, 'it may only have been renamed', hintOf(change));
  const ownAt = placeInTarget(path, ground);
  const others = sharedWith(ground, path);
  if (others.length > 0) return wantGoneHere({ place, ownAt, others }, ground);
  const places = ownAt === undefined || isSamePlace(place.at, ownAt) ? [place.at] : [place.at, ownAt];
  const edits = places.map((at) => ({ file: at.file, edit: { at, do: 'drop' } as const }));
  return { ...place, edits, byHand: `drop ${change.key}` };
}

/** Where the target that this run is about lays something over the entry. */
function placeInTarget(path: EntryPath, ground: Ground): Position | undefined {
  const { config } = ground;
  const own = ['targets', config.target.name ?? '', ...path];
  return config.target.name !== null && isThere(ground, own) ? config.positionOf(own) : undefined;
}

type Shared = {
  readonly place: Pick<Ask, 'change' | 'paths' | 'at'>;
  readonly ownAt: Position | undefined;
  readonly others: readonly string[];
};

function wantGoneHere({ place, ownAt, others }: Shared, ground: Ground): Ask | Left {
  const own = ['targets', ground.config.target.name ?? '', ...entryPath(place.change)];
  const byHand = nested(own, null);
  const why = `${others.join(', ')} may still have it, and its entry is in two places`;
  if (ownAt !== undefined) return leave(place, why, writeByHand(byHand));
  return { ...place, edits: [withoutIn(own, ground)], byHand };
}

/** `null` under the target takes the entry away there. */
function withoutIn(own: EntryPath, ground: Ground): PlacedEdit {
  const [, , section = '', key = ''] = own.map(String);
  const hasSection = isThere(ground, own.slice(0, 3));
  const at = ground.config.positionOf(own.slice(0, hasSection ? 3 : 2));
  const added = hasSection ? { key, value: null } : { key: section, value: { [key]: null } };
  return { file: at.file, edit: { at, do: 'set', ...added } };
}

function hintOf(change: Change): string {
  const hint = change.verb === 'blocked' ? change.obstacle.hint : undefined;
  return hint ?? 'write its new name';
}
