import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../src/sandbox/json.ts';
import { field, open, refusal } from '../client.ts';

function alert(id: string, rest: JsonObject = {}): JsonObject {
  return {
    id,
    display_name: id,
    evaluation: { notification: { subscriptions: [{ destination_id: 'd' }] } },
    ...rest,
  };
}

describe('alerts', () => {
  test('are listed in pages in the order of their creation, without the trashed ones', async () => {
    const alerts = [alert('b'), alert('a'), alert('gone', { lifecycle_state: 'DELETED' }), alert('c')];
    const sandbox = await open({ seed: { alerts } });
    const first = await sandbox.get('/api/2.0/alerts?page_size=2');
    expect(first.body['alerts']).toEqual([
      expect.objectContaining({ id: 'b' }),
      expect.objectContaining({ id: 'a' }),
    ]);
    const second = await sandbox.get(`/api/2.0/alerts?page_token=${field(first, 'next_page_token')}`);
    expect(second.body).toEqual({ alerts: [expect.objectContaining({ id: 'c' })] });
    expect((await sandbox.get('/api/2.0/alerts/gone')).body['lifecycle_state']).toBe('DELETED');
    expect(refusal(await sandbox.get('/api/2.0/alerts?page_size=101'))).toEqual([
      400,
      'INVALID_PARAMETER_VALUE',
    ]);
    expect((await (await open()).get('/api/2.0/alerts')).body).toEqual({});
  });

  test('are read back with explicit defaults', async () => {
    const sandbox = await open({ seed: { alerts: [alert('a', { schedule: { timezone_id: 'UTC' } })] } });
    expect((await sandbox.get('/api/2.0/alerts/a')).body).toMatchObject({
      lifecycle_state: 'ACTIVE',
      evaluation: {
        notification: { subscriptions: [{ destination_id: 'd' }], notify_on_ok: false, retrigger_seconds: 0 },
      },
      schedule: { timezone_id: 'UTC', pause_status: 'UNPAUSED' },
    });
    expect(refusal(await sandbox.get('/api/2.0/alerts/x'))).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });
});
