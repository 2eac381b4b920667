import type { PlanDocument } from '../core/document.ts';
import { inertName } from './inert.ts';
import { refusing } from './verdict.ts';
import { thousands } from './words.ts';

/**
 * The command that applies exactly this plan, up to where its digest follows; for a refused plan with what lifts it.
 * Names that a shell could misread are left out, as the command is there to be copied.
 */
export function approveCommand(document: PlanDocument): string {
  const [file] = document.config.files;
  const { target } = document.workspace;
  const guards = [...new Set(document.refusals.map(({ allow }) => allow))];
  return [
    document.rolls_back === undefined ? 'lakebell apply' : `lakebell rollback ${document.rolls_back}`,
    ...(file === undefined || file === 'notifications.yml' ? [] : option('--config', file)),
    ...(target === null ? [] : option('--target', target)),
    ...(document.repairs ?? []).flatMap((repair) => option('--repair', repair)),
    ...guards.flatMap((guard) => option('--allow', guard)),
    '--approve',
  ].join(' ');
}

/** Starts the workflow that applies exactly this plan, as lines of a shell. */
export function dispatchCommand(document: PlanDocument): readonly string[] {
  const { target } = document.workspace;
  const guards = [...new Set(refusing(document).map(({ allow }) => allow))];
  const inputs = [
    `-f approve=${inertName(document.digest)}`,
    ...(target === null ? [] : option('-f', `target=${target}`)),
    ...(guards.length === 0 ? [] : option('-f', `allow=${guards.join(',')}`)),
  ];
  return ['gh workflow run approve.yml \\', `  ${inputs.join(' ')}`];
}

export function isRefused(document: PlanDocument): boolean {
  return refusing(document).length > 0;
}

/** `53 requests (2 retried) in 2.9 s`. */
export function effort({ requests: { count, retried, seconds } }: PlanDocument): string {
  const again = retried === 0 ? '' : ` (${thousands(retried)} retried)`;
  const noun = count === 1 ? 'request' : 'requests';
  return `${thousands(count)} ${noun}${again} in ${Number(seconds.toFixed(1))} s`;
}

function option(name: string, value: string): readonly string[] {
  return /^[\w.][\w./:@=,-]*$/u.test(value) ? [`${name} ${value}`] : [];
}
