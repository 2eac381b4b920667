import { isList, type Spec } from '../../core/value.ts';
import type { Judgement } from '../kind.ts';
import { CONTINUOUS, FAILURES, pathOf } from './shape.ts';

/** Nobody has said whether a write restarts what runs all the time, so that it may is said before one. */
export function judgePipeline(target: Spec): Judgement {
  if (target[CONTINUOUS] !== true) return { obstacles: [], warnings: [] };
  const message = 'it is continuous: writing its settings may restart it, which is undocumented';
  const hint = 'apply when a restart does no harm';
  return { obstacles: [], warnings: [{ reason: 'may-restart', message, hint, isSideEffect: true }] };
}

/** Who would be told of a failure, of whatever sort. */
export function audienceOf(spec: Spec): Readonly<Record<string, number>> {
  const told = FAILURES.flatMap((alert) => {
    const emails = spec[pathOf(alert)];
    return isList(emails) ? emails.map(String) : [];
  });
  return { pipeline: new Set(told).size };
}
