import type { Diagnostic, Position } from '../core/diagnostic.ts';
import { isEntry, type EntryValue } from '../core/entry.ts';
import type { Move } from '../core/move.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Address } from '../core/value.ts';
import { declaredAt, placeOf, unknownKind, type Declared } from './removed.ts';

/** Moves that the schema has accepted, in the order of the file. */
export function readMoved(value: EntryValue | undefined): readonly Move[] {
  return (Array.isArray(value) ? value : []).flatMap((move) => {
    const { from, to } = isEntry(move) ? move : {};
    return typeof from === 'string' && typeof to === 'string' ? [{ from, to }] : [];
  });
}

type Judged = Declared & { readonly moved: readonly Move[]; readonly removed: readonly Address[] };

/** Moves that lead from something that is declared, to something that is not, or into one another; one mistake for each. */
export function judgeMoved(judged: Judged): readonly Diagnostic[] {
  return judged.moved.flatMap((move, index) => {
    const spot: Spot = { ...move, index, at: placesOf(index, judged) };
    for (const rule of RULES) {
      const found = rule(spot, judged);
      if (found !== undefined) return [found];
    }
    return [];
  });
}

type Spot = Move & {
  readonly index: number;
  readonly at: { readonly from: Position; readonly to: Position };
};
type Rule = (spot: Spot, judged: Judged) => Diagnostic | undefined;

const RULES: readonly Rule[] = [
  ({ from, at }, { kinds }) => unknownKind(from, at.from, kinds),
  ({ to, at }, { kinds }) => unknownKind(to, at.to, kinds),
  refuseOtherKind,
  refuseItself,
  refuseRepeat,
  refuseChain,
  refuseRemoved,
  refuseDeclared,
  refuseUndeclared,
];

function refuseOtherKind({ from, to, at }: Spot): Diagnostic | undefined {
  if (kindIn(from) === kindIn(to)) return undefined;
  const message = `${from} cannot become ${to}: a move changes the key, and not the kind`;
  return wrong(message, at.to, `for example \`to: ${kindIn(from)}/${keyIn(to)}\``);
}

function refuseItself({ from, to, at }: Spot): Diagnostic | undefined {
  if (from !== to) return undefined;
  return wrong(`${from} is moved to itself`, at.to, 'name the new key under `to`, or take the move out');
}

function refuseRepeat({ from, to, index, at }: Spot, judged: Judged): Diagnostic | undefined {
  const earlier = judged.moved.slice(0, index);
  const side = earlier.some((move) => move.from === from) ? 'from' : 'to';
  const first = earlier.findIndex((move) => move[side] === (side === 'from' ? from : to));
  if (first === -1) return undefined;
  const place = placeOf(placesOf(first, judged)[side]);
  const message = `${side === 'from' ? from : to} is moved twice: ${place} and ${placeOf(at[side])}`;
  return wrong(message, at[side], 'keep one of them');
}

/** Also where the moves lead in a circle: which of them came first cannot be known. */
function refuseChain({ to, at }: Spot, judged: Judged): Diagnostic | undefined {
  const next = judged.moved.findIndex((move) => move.from === to);
  if (next === -1) return undefined;
  const place = placeOf(placesOf(next, judged).from);
  const message = `${to} is moved on (${place}), so these moves are a chain`;
  return wrong(message, at.to, 'name the first and the last key in one move');
}

function refuseRemoved({ from, at }: Spot, { removed, positionOf }: Judged): Diagnostic | undefined {
  const index = removed.indexOf(from);
  if (index === -1) return undefined;
  const place = placeOf(positionOf(['removed', index]));
  const message = `${from} is moved (${placeOf(at.from)}) and under \`removed\` (${place})`;
  return wrong(message, at.from, 'keep one of them');
}

function refuseDeclared({ from, at }: Spot, { resources }: Judged): Diagnostic | undefined {
  const entry = declaredAt(from, resources);
  if (entry === undefined) return undefined;
  const message = `${from} is moved (${placeOf(at.from)}) and still declared (${placeOf(entry.source)})`;
  return wrong(message, at.from, 'rename the entry, or take the move out');
}

function refuseUndeclared({ to, at }: Spot, { resources }: Judged): Diagnostic | undefined {
  if (resources.some(({ kind, key }) => `${kind}/${key}` === to)) return undefined;
  const known = resources.filter(({ kind }) => kind === kindIn(to)).map(({ kind, key }) => `${kind}/${key}`);
  return wrong(`${to} is not declared, so nothing can be moved there`, at.to, didYouMean(to, known));
}

function placesOf(index: number, { positionOf }: Declared): Spot['at'] {
  return { from: positionOf(['moved', index, 'from']), to: positionOf(['moved', index, 'to']) };
}

function wrong(message: string, at: Position, hint: string): Diagnostic {
  return { code: 'moved', severity: 'error', message, at, hint };
}

function kindIn(address: Address): string {
  return address.slice(0, address.indexOf('/'));
}

function keyIn(address: Address): string {
  return address.slice(address.indexOf('/') + 1);
}
