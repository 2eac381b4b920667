import { type Directory, translate } from '../core/directory.ts';
import { translateSpec } from '../core/diff.ts';
import type { Declared, Observed } from '../core/resource.ts';
import type { Kind } from '../kinds/kind.ts';

/** `kind.isSame` with names of other live objects looked up on both sides, so that they may take part in what identifies one. */
export function samenessOf(kind: Kind, directory: Directory): Kind['isSame'] {
  // A kind that goes by its own name needs no other object's.
  if (kind.isNamed !== false) return (declared, observed) => kind.isSame(declared, observed);
  return (declared: Declared, observed: Observed) => {
    const wishes = Object.entries(declared.wishes).map(
      ([path, wish]) => [path, { ...wish, value: translate(wish.value, directory) }] as const,
    );
    const spec = translateSpec(observed.spec, directory);
    return kind.isSame({ ...declared, wishes: Object.fromEntries(wishes) }, { ...observed, spec });
  };
}
