import type { Change } from '../core/change.ts';
import { SettingsError } from '../core/errors.ts';
import { isNamedBy } from '../core/guard.ts';
import type { Resource } from '../core/resource.ts';
import { didYouMean } from '../core/suggest.ts';
import { KINDS } from '../kinds/index.ts';
import type { PlanOptions } from './options.ts';

/** @throws SettingsError where `--rotate` or `--replace` names nothing that we own: misspelt, it would do nothing in silence. */
export function checkAddresses(
  resources: readonly Resource[],
  { rotate, replace }: Pick<PlanOptions, 'rotate' | 'replace'>,
): void {
  const whole = new Set(KINDS.filter(({ ownership }) => ownership === 'whole').map(({ name }) => name));
  const owned = resources.filter(({ kind, isExisting }) => whole.has(kind) && !isExisting);
  const addresses = owned.map(({ address }) => address);
  const named = [
    ...rotate.map((address) => ['--rotate', address] as const),
    ...replace.map((address) => ['--replace', address] as const),
  ];
  for (const [option, address] of named) {
    if (addresses.includes(address)) continue;
    throw new SettingsError(`${option} ${address}: the configuration has no such object of ours`, {
      hint: didYouMean(address, addresses),
    });
  }
}

/** @throws SettingsError where a pattern of `--only` matches nothing: an empty plan would look as if all were well. */
export function checkOnly(changes: readonly Change[], { only }: Pick<PlanOptions, 'only'>): void {
  const idle = only.find((pattern) => !changes.some((change) => isNamedBy(pattern, change)));
  if (idle === undefined) return;
  throw new SettingsError(`--only ${idle} matches nothing`, {
    hint: didYouMean(
      idle,
      changes.map(({ kind, key }) => `${kind}/${key}`),
    ),
  });
}
