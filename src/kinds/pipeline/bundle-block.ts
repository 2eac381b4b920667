import type { BundleBlock } from '../../core/bundle.ts';
import { isList, type Spec } from '../../core/value.ts';
import { composeNotifications } from './compose.ts';
import { alertOf } from './shape.ts';

/** `notifications` whole, as a bundle's YAML has one list: every kind of alert that is told to somebody, as it shall be. */
export function pipelineBundleBlock(_paths: readonly string[], target: Spec): BundleBlock {
  const told = Object.entries(target).flatMap(([path, value]) =>
    alertOf(path) === undefined || !isList(value) ? [] : [[path, value.map(String).sort()] as const],
  );
  const spec = Object.fromEntries(told);
  const notifications = composeNotifications([], spec, Object.keys(spec).sort());
  return { notifications: notifications as BundleBlock[string] };
}
