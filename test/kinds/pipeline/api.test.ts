import { describe, expect, test } from '@jest/globals';
import type { pipelines as sdk } from '@databricks/sdk-experimental';
import { PermissionError, StaleWriteError } from '../../../src/core/errors.ts';
import type { SeedPipeline } from '../../../src/sandbox/seed.ts';
import { asked, openKind, sent, TOKEN } from '../workspace.ts';

const ID = 'a1b2c3d4-0000-4000-8000-000000000001';
const BIG = '9007199254740993';
const PATH = 'notifications.on-update-failure';

const aPipeline = (parts: Partial<SeedPipeline> = {}): SeedPipeline => ({
  pipeline_id: ID,
  last_modified: BIG,
  spec: { name: 'ingest', catalog: 'main', clusters: [{ label: 'default' }], of_tomorrow: { deep: [1] } },
  ...parts,
});

async function opened(...pipelines: readonly SeedPipeline[]) {
  const ported = await openKind('pipeline', { seed: { pipelines } });
  const write = async (value: readonly string[]): Promise<void> => {
    const fresh = (await ported.api.get(ID)) ?? {};
    ported.sandbox.resetRequests();
    await ported.api.update({ id: ID, fresh, spec: { [PATH]: value }, changed: [PATH], traits: {} });
  };
  return { ...ported, write };
}

describe('writing a pipeline', () => {
  test('sends the whole spec, what nobody knows included, with the time at which it was read', async () => {
    const { sandbox, write } = await opened(aPipeline());
    await write(['a@company.test']);
    // Checked by the compiler against the official client: the body is what the API takes.
    const body: Omit<sdk.EditPipeline, 'pipeline_id' | 'expected_last_modified'> = {
      name: 'ingest',
      catalog: 'main',
      clusters: [{ label: 'default' }],
      id: ID,
      notifications: [{ email_recipients: ['a@company.test'], alerts: ['on-update-failure'] }],
    };
    expect(asked(sandbox)).toEqual([`PUT /api/2.0/pipelines/${ID}`]);
    expect(sandbox.requests[0]?.body).toContain(`"expected_last_modified":${BIG}`);
    const [{ expected_last_modified: _when, ...rest }] = sent(sandbox) as [Record<string, unknown>];
    expect(rest).toEqual({ ...body, of_tomorrow: { deep: [1] } });
  });

  test('lifts `run_as` and `parameters` from beside the spec, where they are set', async () => {
    const beside = {
      run_as: { user_name: 'runner@company.test' },
      parameters: { day: 'today', of_tomorrow: [1] },
    };
    const { sandbox, write } = await opened(aPipeline(beside));
    await write(['a@company.test']);
    expect(sent(sandbox)).toMatchObject([beside]);
    expect(sandbox.snapshot().pipelines).toMatchObject([beside]);
  });

  test('leaves notifications out where nothing is left of them', async () => {
    const notifications = [{ email_recipients: ['a@company.test'], alerts: ['on-update-failure'] }];
    const { sandbox, write } = await opened(aPipeline({ spec: { name: 'ingest', notifications } }));
    await write([]);
    expect(sent(sandbox)[0]).not.toHaveProperty('notifications');
    expect(sandbox.snapshot().pipelines[0]?.spec).not.toHaveProperty('notifications');
  });

  test('is refused where somebody has changed it since it was read', async () => {
    const { sandbox, api } = await opened(aPipeline());
    const fresh = (await api.get(ID)) ?? {};
    sandbox.poke.setPipeline(ID, (spec) => ({ ...spec, development: true }));
    const write = { id: ID, fresh, spec: { [PATH]: ['a@company.test'] }, changed: [PATH], traits: {} };
    await expect(api.update(write)).rejects.toThrow(StaleWriteError);
    expect(sandbox.snapshot().pipelines[0]?.spec).not.toHaveProperty('notifications');
  });

  test('never makes or deletes one', async () => {
    const { sandbox, api } = await opened();
    await expect(api.create({ name: 'x', traits: {}, spec: {} })).rejects.toThrow('never creates');
    await expect(api.remove(ID)).rejects.toThrow('never deletes');
    expect(asked(sandbox)).toEqual([]);
  });
});

describe('reading a pipeline', () => {
  test('is null where there is none', async () => {
    const { api } = await opened();
    expect(await api.get(ID)).toBeNull();
  });

  test('does not take a 403 for that', async () => {
    const identities = [{ token: TOKEN, user_name: 'viewer', can_view_pipelines: [] }];
    const other = aPipeline({ creator_user_name: 'owner@company.test' });
    const { api } = await openKind('pipeline', { seed: { identities, pipelines: [other] } });
    await expect(api.get(ID)).rejects.toThrow(PermissionError);
  });
});

describe('who may write a pipeline', () => {
  test('is asked of the permissions API, whose answer is given as it is', async () => {
    const { sandbox, api } = await openKind('pipeline', { seed: { pipelines: [aPipeline()] } });
    expect(await api.permissions?.(ID)).toMatchObject({ object_id: `/pipelines/${ID}` });
    await expect(api.permissions?.('a/../b')).rejects.toThrow();
    expect(asked(sandbox)).toEqual([
      `GET /api/2.0/permissions/pipelines/${ID}`,
      'GET /api/2.0/permissions/pipelines/a%2F..%2Fb',
    ]);
  });
});
