import { afterEach, describe, expect, test } from '@jest/globals';
import type { Entry } from '../../src/core/entry.ts';
import { plan, planOne } from '../../src/core/plan.ts';
import { desire } from '../../src/engine/desired.ts';
import type { Foresee } from '../../src/engine/foresight.ts';
import { readLive } from '../../src/engine/live.ts';
import { KINDS } from '../../src/kinds/index.ts';
import type { SeedJob } from '../../src/sandbox/seed.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { aClient, TOKEN } from '../databricks/support/a-client.ts';
import { aContext, UUID_A } from '../support/builders.ts';
import { tellingJob } from '../support/telling-job.ts';

const open: Sandbox[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

const TELLING_JOB = tellingJob('900', UUID_A);
const leads = { email: { addresses: ['leads@company.test'] } };
const destinations = [{ id: UUID_A, display_name: 'leads', config: leads }];
const prod = (job_id: string, settings: SeedJob['settings'] = {}): SeedJob => ({
  job_id,
  settings: { name: `job ${job_id}`, tags: { env: 'prod' }, ...settings },
});
const rule: Entry = {
  select: { tags: { env: 'prod' } },
  notify: { on_failure: ['leads', 'a@company.test'] },
};

/** Plans with and without a look ahead; the same requests are made. */
async function planned(options: SandboxOptions, sections: Record<string, Record<string, Entry>>) {
  const identities = [{ token: TOKEN, user_name: 'admin@company.test', admin: true }];
  const sandbox = await startSandbox({ ...options, seed: { destinations, identities, ...options.seed } });
  open.push(sandbox);
  const { resources, rules } = desire(
    { sections, positionOf: () => ({ file: 'a', line: 1, column: 1 }) },
    KINDS,
  );
  const context = aContext({ rules });
  const foresee: Foresee = (resource, match, directory) =>
    planOne(resource, match, { ...context, directory });
  const read = async (wish: { readonly foresee?: Foresee }) => {
    const ports = KINDS.map((kind) => ({ kind, api: kind.connect(aClient(sandbox)) }));
    const live = await readLive({ resources, rules, ports, seen: {}, context, ...wish });
    return { live, drawn: plan({ ...live, config: 'c' }, { ...context, directory: live.directory }) };
  };
  const [ahead, after] = [await read({ foresee }), await read({})];
  expect(after.live.foreseen.size).toBe(0);
  expect(ahead.drawn).toEqual(after.drawn);
  const foreseen = [...ahead.live.foreseen.keys()].map(({ id = '' }) => id).sort();
  return { foreseen, drawn: ahead.drawn };
}

describe('what rules come to for a row', () => {
  test('is worked out while the list goes on, where the list is believed', async () => {
    const jobs = [prod('1'), prod('2'), prod('3', { tags: { env: 'dev' } }), TELLING_JOB];
    const { foreseen, drawn } = await planned(
      { seed: { jobs } },
      { rules: { prod: rule }, destinations: { leads } },
    );
    expect(foreseen).toEqual(['1', '2']);
    expect(drawn.changes.filter(({ kind }) => kind === 'job').map(({ verb }) => verb)).toEqual([
      'update',
      'update',
    ]);
  });

  test.each<[string, SandboxOptions, readonly SeedJob[]]>([
    ['where no row shows what a list may leave out', {}, []],
    [
      'where the list and the job disagree',
      { behaviour: { listOmits: ['email_notifications'] } },
      [TELLING_JOB],
    ],
  ])('does not count %s', async (_where, options, others) => {
    const { foreseen } = await planned(
      { ...options, seed: { jobs: [prod('1'), ...others] } },
      { rules: { prod: rule }, destinations: { leads } },
    );
    expect(foreseen).toEqual([]);
  });

  test('does not count for a job with an entry of its own, nor for one that two entries may mean', async () => {
    const twins = ['4', '5'].map((id) => prod(id, { name: 'twin' }));
    const entry = { notify: { on_start: ['b@company.test'] } };
    const { foreseen } = await planned(
      { seed: { jobs: [prod('1'), prod('2'), ...twins, TELLING_JOB] } },
      { rules: { prod: rule }, jobs: { one: { id: '1', ...entry }, twin: entry }, destinations: { leads } },
    );
    expect(foreseen).not.toContain('1');
    expect(foreseen).toContain('2');
  });

  test('comes to the same where what it points at is still to be made', async () => {
    const slack = [{ id: UUID_A, display_name: 'leads', config: { slack: { url: 'https://slack.test/x' } } }];
    const { drawn } = await planned(
      { seed: { destinations: slack, jobs: [prod('1'), TELLING_JOB] } },
      { rules: { prod: rule }, destinations: { leads } },
    );
    expect(drawn.changes.map(({ verb, requires }) => [verb, requires])).toEqual([
      ['create', []],
      ['update', ['destination/leads']],
    ]);
  });
});
