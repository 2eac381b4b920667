import type { Diagnostic } from '../core/diagnostic.ts';
import { Ref } from '../core/value.ts';
import { formatPath, leavesOf, type Tree } from './tree.ts';

/** Reports `${destinations.KEY.id}` outside of lists of recipients: elsewhere a kind would take it for text. */
export function judgeReferences(tree: Tree): readonly Diagnostic[] {
  return [...leavesOf(tree)].flatMap(([path, { at, value }]) => {
    const isRecipient = path[0] !== 'settings' && path.some((segment) => typeof segment === 'number');
    if (!(value instanceof Ref) || isRecipient) return [];
    const message = `${formatPath(path)} may not be the id of a destination`;
    return [
      { code: 'bad-reference', severity: 'error', message, at, hint: 'it belongs into a list of recipients' },
    ];
  });
}
