import { afterEach, describe, expect, test } from '@jest/globals';
import { readLive } from '../../src/engine/live.ts';
import type { ApiClient } from '../../src/kinds/client.ts';
import type { Entry } from '../../src/core/entry.ts';
import { KINDS } from '../../src/kinds/index.ts';
import type { Seed } from '../../src/sandbox/seed.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { aClient, TOKEN } from '../databricks/support/a-client.ts';
import { aContext, aDestination, aJob, UUID_A, UUID_B } from '../support/builders.ts';

let sandbox: Sandbox | undefined;

afterEach(async () => {
  await sandbox?.close();
});

const leads: Entry = { email: { addresses: ['leads@company.test'] } };
const config = { email: { addresses: ['leads@company.test'] } };

/** Reads one job and our destination `leads`, in a workspace whose list of jobs behaves as it is told. */
async function read(destinations: Seed['destinations'], list: (asked: Promise<void>) => Promise<void>) {
  sandbox = await startSandbox({
    seed: {
      identities: [{ token: TOKEN, user_name: 'admin@company.test', admin: true }],
      ...(destinations === undefined ? {} : { destinations }),
      jobs: [{ job_id: '1', settings: { name: 'etl' } }],
    },
  });
  let tell = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const client = aClient(sandbox);
  const watched: ApiClient = {
    send: async (request) => {
      if (request.path.startsWith('/api/2.0/notification-destinations/')) tell();
      return client.send(request);
    },
    async *pages(path, query, how) {
      if (path.endsWith('/jobs/list')) await list(asked);
      yield* client.pages(path, query, how);
    },
  };
  const live = await readLive({
    resources: [aDestination('leads', leads), aJob()],
    rules: [],
    ports: KINDS.map((kind) => ({ kind, api: kind.connect(watched) })),
    seen: {},
    context: aContext(),
  });
  const gets = sandbox.requests.filter(({ path }) => path.includes('/notification-destinations/'));
  return { live, gets: gets.map(({ path }) => path.split('/').at(-1)) };
}

describe('an object of ours', () => {
  test('is read while the list of another kind is', async () => {
    const destinations = [{ id: UUID_A, display_name: 'leads', config }];
    const { live, gets } = await read(destinations, (asked) => asked);
    expect(gets).toEqual([UUID_A]);
    expect(live.matches.get('destination/leads')).toMatchObject({
      state: 'found',
      observed: { spec: { 'email.addresses': ['leads@company.test'] } },
    });
  });

  test('is not read where two could be it', async () => {
    const destinations = [UUID_A, UUID_B].map((id) => ({ id, display_name: 'leads', config }));
    const { live, gets } = await read(destinations, () => Promise.resolve());
    expect(gets).toEqual([]);
    expect(live.matches.get('destination/leads')?.state).toBe('ambiguous');
  });
});
