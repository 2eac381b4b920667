import { describe, expect, test } from '@jest/globals';
import type { Wanted } from '../../../src/kinds/kind.ts';
import type { Seed, SeedPipeline } from '../../../src/sandbox/seed.ts';
import { asked, openKind, TOKEN } from '../workspace.ts';

const aPipeline = (pipeline_id: string, name: string): SeedPipeline => ({
  pipeline_id,
  creator_user_name: 'owner@company.test',
  spec: { name },
});
const many = (count: number): SeedPipeline[] =>
  Array.from({ length: count }, (_none, at) => aPipeline(`p${at}`, `pipeline-${at}`));
const names = (...all: string[]): Wanted[] => all.map((name) => ({ name }));

async function find(wanted: readonly Wanted[], seed: Seed) {
  const { sandbox, api } = await openKind('pipeline', { seed });
  const listing = await api.find(wanted, { seen: null });
  const found = listing.rows.map(({ observed }) => observed.id).sort();
  const requests = asked(sandbox).map((request) => decodeURIComponent(request.replaceAll('+', ' ')));
  return { listing, found, requests };
}

describe('finding pipelines by id', () => {
  test('gets each, whole, and lists nothing', async () => {
    const { found, requests, listing } = await find([{ id: 'p1' }, { id: 'p2' }, { id: 'p1' }], {
      pipelines: many(5),
    });
    expect(found).toEqual(['p1', 'p2']);
    expect(requests.toSorted()).toEqual(['GET /api/2.0/pipelines/p1', 'GET /api/2.0/pipelines/p2']);
    expect(listing.rows.every(({ isWhole, gaps }) => isWhole && gaps.length === 0)).toBe(true);
  });

  test('tells what is missing from what may not be read', async () => {
    const identities = [{ token: TOKEN, user_name: 'viewer', can_view_pipelines: ['p1'] }];
    const pipelines = [aPipeline('p1', 'a'), aPipeline('p2', 'b')];
    const { found, listing } = await find([{ id: 'p1' }, { id: 'p2' }, { id: 'p3' }], {
      identities,
      pipelines,
    });
    expect([found, listing.denied.map(({ id }) => id)]).toEqual([['p1'], ['p2']]);
  });
});

describe('finding pipelines by name', () => {
  test('asks for one by its name, and says that a row tells nothing of its notifications', async () => {
    const { found, requests, listing } = await find(names('pipeline-7'), { pipelines: many(250) });
    expect(found).toEqual(['p7']);
    expect(requests).toEqual(["GET /api/2.0/pipelines?max_results=100&filter=name LIKE 'pipeline-7'"]);
    expect(listing.rows).toMatchObject([{ gaps: ['notifications', 'continuous'], isWhole: false }]);
    expect([listing.isComplete, listing.seen]).toEqual([false, null]);
  });

  test('lists all where that is cheaper than asking for each', async () => {
    const { found, requests, listing } = await find(names('pipeline-1', 'pipeline-199'), {
      pipelines: many(200),
    });
    expect([found, requests.length, listing.seen]).toEqual([['p1', 'p199'], 2, 200]);
  });

  test('asks for each where the list turns out to be long', async () => {
    const { found, requests, listing } = await find(names('pipeline-1', 'pipeline-299'), {
      pipelines: many(500),
    });
    expect([found, requests.length, listing.seen]).toEqual([['p1', 'p299'], 4, null]);
  });

  test('finds every pipeline of a name', async () => {
    const pipelines = [aPipeline('p1', 'etl'), aPipeline('p2', 'etl'), aPipeline('p3', 'other')];
    expect((await find(names('etl'), { pipelines })).found).toEqual(['p1', 'p2']);
  });

  test('shows a pipeline once that is wanted by name and by id', async () => {
    const { found, listing } = await find([{ id: 'p1' }, { name: 'etl' }], {
      pipelines: [aPipeline('p1', 'etl')],
    });
    expect([found, listing.rows.map(({ isWhole }) => isWhole)]).toEqual([['p1'], [true]]);
  });

  test.each(["o'clock", 'back\\slash', 'a "quoted" one'])(
    'never writes %s into a filter, as nobody knows how',
    async (name) => {
      const pipelines = [...many(150), aPipeline('odd', name)];
      const { found, requests } = await find(names(name), { pipelines });
      expect(found).toEqual(['odd']);
      expect(requests.filter((request) => request.includes('filter='))).toEqual([]);
    },
  );

  test.each([
    ['100%', '100 apples'],
    ['a_b', 'axb'],
  ])('takes %s for a name and no pattern', async (name, other) => {
    const pipelines = [aPipeline('p1', name), aPipeline('p2', other)];
    expect((await find(names(name), { pipelines })).found).toEqual(['p1']);
  });

  test('keeps to the case of the name, and tells of one that is near', async () => {
    const { found, listing } = await find(names('etl'), {
      pipelines: [aPipeline('p1', 'ETL'), aPipeline('p2', 'abc')],
    });
    expect([found, listing.near]).toEqual([[], ['ETL']]);
    const two = await find(names('etl', 'nothing'), { pipelines: [aPipeline('p1', 'Etl')] });
    expect(two.listing.near).toEqual(['Etl']);
  });

  test('asks for nothing where nothing is wanted', async () => {
    expect((await find([], { pipelines: many(3) })).requests).toEqual([]);
  });
});
