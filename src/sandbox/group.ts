import { integerText, type Json } from './json.ts';
import type { SeedGroup } from './seed.ts';

/** Ids or names that somebody has a right on. */
export type Granted = 'all' | ReadonlySet<string>;

/** What all of its members may do. */
export type Group = {
  readonly name: string;
  readonly members: ReadonlySet<string>;
  /** SCIM shows its members no group that they are in through another one. */
  readonly isNested: boolean;
  readonly managedJobs: Granted;
  readonly managedPipelines: Granted;
};

export function groupOf(seed: SeedGroup): Group {
  return {
    name: seed.name,
    members: new Set(seed.members),
    isNested: seed.is_nested ?? false,
    managedJobs: jobSet(seed.can_manage_jobs ?? []),
    managedPipelines: textSet(seed.can_manage_pipelines ?? []),
  };
}

export function jobSet(jobs: 'all' | readonly Json[]): Granted {
  return jobs === 'all' ? jobs : new Set(jobs.map((id) => integerText(id) ?? ''));
}

export function textSet(texts: 'all' | readonly string[]): Granted {
  return texts === 'all' ? texts : new Set(texts);
}
