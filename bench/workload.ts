import { manyJobs } from '../src/sandbox/many-jobs.ts';
import type { Seed, SeedDestination } from '../src/sandbox/seed.ts';

/** Destinations that the configuration declares: a chat channel with a secret address, and mailboxes. */
export const OWN_DESTINATIONS = 8;

/** What the chat channel's address is read from. */
export const SECRETS: Readonly<Record<string, string>> = {
  CHANNEL_URL: `https://hooks.slack.com/services/T000/B000/${'x'.repeat(24)}`,
};

/** A workspace with `count` jobs, a quarter of which notify somebody, our destinations and two of other people's. */
export function workspaceOf(count: number): Seed {
  const foreign = [1, 2].map((at) => ({
    id: `00000000-0000-4000-8000-00000000000${at}`,
    display_name: `other-${at}`,
    config: { email: { addresses: [`other-${at}@sandbox.test`] } },
  }));
  const own = Array.from({ length: OWN_DESTINATIONS }, (_none, at): SeedDestination => ({
    id: destinationId(at),
    display_name: keyOf(at),
    config: isChat(at)
      ? { slack: { url: SECRETS['CHANNEL_URL'] ?? '' } }
      : { email: { addresses: [`${keyOf(at)}@sandbox.test`] } },
  }));
  return {
    destinations: [...foreign, ...own],
    jobs: manyJobs(count, { destinations: foreign.map(({ id }) => id) }),
  };
}

/** The same workspace as it is once that configuration is applied to its first `named` jobs. */
export function settledWorkspaceOf(count: number, named: number): Seed {
  const seed = workspaceOf(count);
  const jobs = (seed.jobs ?? []).map((job, at) =>
    at < named ? { ...job, settings: { ...job.settings, ...notificationsOf(at) } } : job,
  );
  return { ...seed, jobs };
}

/** A configuration that tells two destinations and a mailbox of the failures of the first `count` jobs, by name. */
export function configOf(count: number): string {
  const destinations = Array.from({ length: OWN_DESTINATIONS }, (_none, at) => {
    const config = isChat(at)
      ? 'slack: { url: "${secrets.CHANNEL_URL}" }'
      : `email: { addresses: [${keyOf(at)}@sandbox.test] }`;
    return `  ${keyOf(at)}: { ${config} }\n`;
  });
  const jobs = Array.from({ length: count }, (_none, at) => {
    const recipients = [...channelsOf(at).map(keyOf), mailboxOf(at)].join(', ');
    return `  ${jobName(at)}:\n    notify:\n      on_failure: [${recipients}]\n`;
  });
  return [
    'version: 1\n',
    'settings:\n  limits: { max_changes: 10000, silenced: 10000 }\n',
    'destinations:\n',
    ...destinations,
    'jobs:\n',
    ...jobs,
  ].join('');
}

/** What `manyJobs` calls the job at this place of the list. */
export function jobName(at: number): string {
  return `job-${String(at + 1).padStart(5, '0')}`;
}

function notificationsOf(job: number) {
  return {
    email_notifications: { on_failure: [mailboxOf(job)] },
    webhook_notifications: { on_failure: channelsOf(job).map((at) => ({ id: destinationId(at) })) },
  };
}

function channelsOf(job: number): readonly number[] {
  return [job % OWN_DESTINATIONS, (job + 1) % OWN_DESTINATIONS];
}

function mailboxOf(job: number): string {
  return `team-${job % 5}@sandbox.test`;
}

function destinationId(at: number): string {
  return `11111111-0000-4000-8000-00000000000${at}`;
}

function isChat(at: number): boolean {
  return at === 0;
}

function keyOf(at: number): string {
  return `channel-${at + 1}`;
}
