import { closest, distance } from 'fastest-levenshtein';

/** The candidate that a person most likely meant, or undefined where none is near. */
export function suggest(typed: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const folded = new Map(candidates.map((candidate) => [fold(candidate), candidate]));
  const nearest = closest(fold(typed), [...folded.keys()]);
  // One letter in three may be wrong; names of one or two letters would all suggest one another.
  const allowed = typed.length < 3 ? 0 : Math.ceil(typed.length / 3);
  const isNear = distance(fold(typed), nearest) <= allowed;
  return isNear ? folded.get(nearest) : undefined;
}

/** `did you mean "x"?`, or what is allowed where nothing is near (at most twelve names). */
export function didYouMean(typed: string, candidates: readonly string[]): string {
  const nearest = suggest(typed, candidates);
  if (nearest !== undefined) return `did you mean "${nearest}"?`;
  if (candidates.length === 0) return 'nothing is declared there yet';
  const shown = candidates.slice(0, 12).join(', ');
  return `allowed: ${shown}${candidates.length > 12 ? `, and ${candidates.length - 12} more` : ''}`;
}

function fold(text: string): string {
  return text.toLowerCase().replaceAll(/[-_ ]/g, '');
}
