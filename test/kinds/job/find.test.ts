import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../../src/kinds/client.ts';
import type { Listing, Wanted } from '../../../src/kinds/kind.ts';
import { BLOCKS } from '../../../src/kinds/job/shape.ts';
import { manyJobs } from '../../../src/sandbox/many-jobs.ts';
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts';
import type { SeedJob } from '../../../src/sandbox/seed.ts';
import { asked, openKind, TOKEN } from '../workspace.ts';

const aJob = (job_id: string, name: string, settings: Record<string, Json> = {}): SeedJob => ({
  job_id,
  creator_user_name: 'owner@company.test',
  settings: { name, ...settings },
});
const emails = (address: string): Record<string, Json> => ({
  email_notifications: { on_failure: [address] },
});

async function find(
  wanted: readonly Wanted[],
  options: SandboxOptions,
  seen: number | null = null,
  disturb: (sandbox: Awaited<ReturnType<typeof openKind>>['sandbox']) => void = () => undefined,
) {
  const { sandbox, api } = await openKind('job', options);
  disturb(sandbox);
  const listing = await api.find(wanted, { seen });
  return { listing, requests: asked(sandbox), found: idsOf(listing) };
}

const idsOf = ({ rows }: Listing): string[] => rows.map(({ observed }) => observed.id).sort();
const names = (...all: string[]): Wanted[] => all.map((name) => ({ name }));
const gapsOf = ({ rows }: Listing, id: string) =>
  rows.filter(({ observed }) => observed.id === id).map(({ gaps, isWhole }) => ({ gaps, isWhole }));

describe('finding jobs by id', () => {
  test('gets each, whole, and lists nothing', async () => {
    const { found, requests, listing } = await find([{ id: '2' }, { id: '3' }], {
      seed: { jobs: [aJob('2', 'a'), aJob('3', 'b')] },
    });
    expect(found).toEqual(['2', '3']);
    expect(requests.toSorted()).toEqual(['GET /api/2.2/jobs/get?job_id=2', 'GET /api/2.2/jobs/get?job_id=3']);
    expect(listing.rows.every(({ isWhole, gaps }) => isWhole && gaps.length === 0)).toBe(true);
    expect(listing.isComplete).toBe(false);
  });

  test('tells what is missing from what may not be read', async () => {
    const identities = [{ token: TOKEN, user_name: 'viewer', can_view_jobs: ['2'] }];
    const { found, listing } = await find([{ id: '2' }, { id: '3' }], {
      seed: { identities, jobs: [aJob('2', 'a'), aJob('3', 'b')] },
    });
    expect(found).toEqual(['2']);
    expect(listing.denied).toMatchObject([{ id: '3' }]);
    const missing = await find([{ id: '4' }], {});
    expect(missing.listing).toMatchObject({ rows: [], denied: [] });
  });
});

describe('finding jobs by name', () => {
  test('asks for one by its name', async () => {
    const { found, requests } = await find(names('job-00007'), { seed: { jobs: manyJobs(150) } });
    expect(found).toEqual(['100000000007']);
    expect(requests.filter((request) => request.includes('name=job-00007')).length).toBe(1);
    expect(requests.length).toBeLessThanOrEqual(2);
  });

  test('keeps to the case of the name although the look-up does not', async () => {
    const jobs = [aJob('1', 'ETL'), aJob('2', 'etl'), aJob('3', 'Etl')];
    expect((await find(names('etl'), { seed: { jobs } })).found).toEqual(['2']);
    expect((await find(names('etl', 'ETL'), { seed: { jobs } })).found).toEqual(['1', '2']);
  });

  test('finds every job of a name', async () => {
    const { found } = await find(names('etl'), { seed: { jobs: [aJob('1', 'etl'), aJob('2', 'etl')] } });
    expect(found).toEqual(['1', '2']);
  });

  test('shows a job once that is wanted by name and by id', async () => {
    const { listing } = await find([{ name: 'etl' }, { id: '1' }], {
      seed: { jobs: [aJob('1', 'etl', emails('a@company.test'))] },
    });
    expect(gapsOf(listing, '1')).toEqual([{ gaps: [], isWhole: true }]);
  });

  test('lists where that is cheaper, and counts', async () => {
    const { found, listing, requests } = await find(names('job-00001', 'job-00149', 'none'), {
      seed: { jobs: manyJobs(150) },
    });
    expect(found).toEqual(['100000000001', '100000000149']);
    expect(requests.filter((request) => request.includes('name='))).toEqual([]);
    expect(listing.seen).toBe(150);
  });

  test('looks each up where the list is longer than that', async () => {
    const { found, listing, requests } = await find(names('job-00001', 'job-00449'), {
      seed: { jobs: manyJobs(450) },
    });
    expect(found).toEqual(['100000000001', '100000000449']);
    expect(requests.filter((request) => request.includes('name=')).length).toBe(2);
    expect(
      requests.filter((request) => request.includes('limit=100') && !request.includes('name=')).length,
    ).toBe(1);
    expect(listing.seen).toBeNull();
  });

  test('finds the same where a deprecated parameter is refused', async () => {
    const seed = { jobs: manyJobs(250) };
    const body = { error_code: 'INVALID_PARAMETER_VALUE', message: 'offset' };
    const refuse = { kind: 'status', status: 400, path: '*?*offset=*', times: Infinity, body } as const;
    const { found, requests } = await find(names('job-00001', 'job-00249'), { seed }, null, (sandbox) =>
      sandbox.fault(refuse),
    );
    expect(requests.some((request) => request.includes('offset='))).toBe(true);
    expect(found).toEqual(['100000000001', '100000000249']);
  });

  test('shows nothing where nothing is wanted, and asks for nothing', async () => {
    expect(await find([], { seed: { jobs: manyJobs(3) } })).toMatchObject({
      found: [],
      requests: [],
      listing: { seen: null },
    });
  });
});

describe('believing rows of a list', () => {
  const jobs = [
    aJob('1', 'a', emails('a@company.test')),
    aJob('2', 'b'),
    aJob('3', 'stranger', {
      health: { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 1 }] },
    }),
  ];
  test('does not believe them about a block that none shows', async () => {
    const { listing } = await find(names('a', 'b', 'c', 'd'), { seed: { jobs } });
    for (const id of ['1', '2']) {
      const [row] = gapsOf(listing, id);
      expect(row?.isWhole === true || row?.gaps.includes('webhook_notifications')).toBe(true);
    }
  });

  test.each([...BLOCKS])(
    'reads every job by itself where lists leave %s out and a get does not',
    async (block) => {
      const settings = {
        ...emails('a@company.test'),
        webhook_notifications: { on_failure: [{ id: 'f' }] },
        notification_settings: { no_alert_for_skipped_runs: true },
        health: { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 1 }] },
      };
      const seed = {
        jobs: [
          aJob('1', 'a', settings),
          aJob('2', 'b', settings),
          aJob('3', 'c', settings),
          aJob('4', 'd', settings),
        ],
      };
      const { listing } = await find(names('a', 'b', 'c', 'd', 'e'), {
        seed,
        behaviour: { listOmits: [block] },
      });
      expect(
        ['1', '2', '3', '4'].every((id) =>
          gapsOf(listing, id).every(({ gaps, isWhole }) => isWhole || gaps.includes(block)),
        ),
      ).toBe(true);
      expect(listing.whyGaps).toContain(`disagree about ${block}`);
    },
  );

  test('reads every job by itself where lists leave everything out', async () => {
    const { listing } = await find(names('a', 'b', 'c', 'd'), {
      seed: { jobs },
      behaviour: { listOmits: [...BLOCKS] },
    });
    for (const block of BLOCKS)
      for (const { gaps, isWhole } of gapsOf(listing, '2'))
        expect(isWhole || gaps.includes(block)).toBe(true);
  });

  test.each([403, 404])(
    'does not mind that a stranger’s job, which shows most, answers %i',
    async (status) => {
      const wanted = ['a', 'b', 'c', 'd', 'e'].map((name, at) => aJob(String(at + 10), name));
      const stranger = aJob('3', 'stranger', {
        ...emails('s@company.test'),
        health: { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 1 }] },
      });
      const body = {
        error_code: status === 403 ? 'PERMISSION_DENIED' : 'RESOURCE_DOES_NOT_EXIST',
        message: 'no',
      };
      const fault = { kind: 'status', status, path: '*?job_id=3*', times: Infinity, body } as const;
      const search = (isDisturbed: boolean) =>
        find(names('a', 'b', 'c', 'd', 'e'), { seed: { jobs: [stranger, ...wanted] } }, null, (sandbox) =>
          isDisturbed ? sandbox.fault(fault) : undefined,
        );
      const { requests, listing, found } = await search(true);
      expect(requests.some((request) => request.includes('job_id=3'))).toBe(true);
      expect(found).toEqual((await search(false)).found);
      expect(listing.denied).toEqual([]);
      expect(listing.whyGaps).not.toContain('disagree');
    },
  );
});
