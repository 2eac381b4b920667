import { describe, expect, test } from '@jest/globals';
import { SettingsError } from '../../src/core/errors.ts';
import { parseSeed } from '../../src/sandbox/parse-seed.ts';
import { open } from './client.ts';

describe('parseSeed', () => {
  test('keeps ids above 2^53 exact', async () => {
    const seed = parseSeed(
      '{"workspace_id": 9007199254740993, "jobs": [{"job_id": 9223372036854775807, "settings": {}}]}',
    );
    const sandbox = await open({ seed });
    expect(sandbox.snapshot().workspace_id).toBe('9007199254740993');
    expect(sandbox.snapshot().jobs[0]?.job_id).toBe('9223372036854775807');
  });

  test('takes an empty seed', () => {
    expect(parseSeed('{}')).toEqual({});
  });

  test('refuses what is not JSON', () => {
    expect(() => parseSeed('jobs: []')).toThrow(SettingsError);
    expect(() => parseSeed('jobs: []')).toThrow('the sandbox seed is not JSON');
  });

  test.each([
    ['[]', 'seed must be an object'],
    ['{"job": []}', 'seed.job is not known; known are workspace_id'],
    ['{"jobs": {}}', 'seed.jobs must be a list'],
    ['{"jobs": [{"settings": {}}]}', 'seed.jobs[0].job_id is missing'],
    ['{"jobs": [{"job_id": "a", "settings": {}}]}', 'seed.jobs[0].job_id must be a whole number'],
    [
      '{"jobs": [{"job_id": 1, "settings": {}}, {"job_id": "01", "settings": {}}]}',
      'seed.jobs holds job_id 1 twice',
    ],
    [
      '{"destinations": [{"display_name": "a", "config": {}}]}',
      'seed.destinations[0].config must hold exactly one of slack',
    ],
    ['{"destinations": [{"display_name": "a", "config": {"sms": {}}}]}', 'must hold exactly one of'],
    ['{"destinations": [{"display_name": "a", "config": {"slack": 1}}]}', 'config.slack must be an object'],
    [
      '{"identities": [{"token": "t", "user_name": "u", "admin": "yes"}]}',
      'identities[0].admin must be true or false',
    ],
    ['{"identities": [{"token": "", "user_name": "u"}]}', 'identities[0].token must be a text'],
    [
      '{"identities": [{"token": "t", "user_name": "u", "can_manage_jobs": ["x"]}]}',
      'can_manage_jobs[0] must be',
    ],
    ['{"files": [{"path": "a", "content": ""}]}', 'seed.files[0].path must be an absolute workspace path'],
    [
      '{"files": [{"path": "/a/../b", "content": ""}]}',
      'seed.files[0].path must be an absolute workspace path',
    ],
    [
      '{"dashboards": [{"dashboard_id": "d", "schedules": [{}]}]}',
      'dashboards[0].schedules[0].schedule_id is missing',
    ],
    [
      '{"registry_webhooks": [{"http_url_spec": {"url": "https://x.test"}}]}',
      'seed.registry_webhooks[0].events is missing',
    ],
    [
      '{"registry_webhooks": [{"events": ["X"], "http_url_spec": {"url": "https://x.test"}}]}',
      'seed.registry_webhooks[0].events[0] must be one of MODEL_VERSION_CREATED',
    ],
    ['{"registry_webhooks": [{"events": []}]}', 'must hold exactly one of http_url_spec, job_spec'],
    [
      '{"registry_webhooks": [{"events": [], "http_url_spec": {}, "job_spec": {}}]}',
      'seed.registry_webhooks[0].http_url_spec.url is missing',
    ],
    [
      '{"registry_webhooks": [{"events": [], "job_spec": {"job_id": 1}}]}',
      'seed.registry_webhooks[0].job_spec.access_token is missing',
    ],
    [
      '{"registry_webhooks": [{"events": [], "colour": "red", "http_url_spec": {"url": "https://x.test"}}]}',
      'seed.registry_webhooks[0].colour is not known',
    ],
    [
      '{"registry_webhooks": [{"id": "w", "events": [], "http_url_spec": {"url": "u"}}, {"id": "w", "events": [], "http_url_spec": {"url": "u"}}]}',
      'seed.registry_webhooks holds id "w" twice',
    ],
    ['{"account_id": 1}', 'seed.account_id must be a text'],
    [
      '{"identities": [{"token": "t", "user_name": "u", "client_secret": 1}]}',
      'seed.identities[0].client_secret must be a text',
    ],
    [
      '{"identities": [{"token": "t", "user_name": "u", "federation": [{"issuer": "i", "aud": "a"}]}]}',
      'seed.identities[0].federation[0].aud is not known; known are issuer, subject, audience; seed.identities[0].federation[0].subject is missing',
    ],
    [
      '{"identities": [{"token": "t", "user_name": "u", "can_manage_models": "churn"}]}',
      'can_manage_models must be a list',
    ],
  ])('refuses %s', (text, message) => {
    expect(() => parseSeed(text)).toThrow(message);
  });

  test('names every fault at once', () => {
    expect(() => parseSeed('{"x": 1, "jobs": 1}')).toThrow(/seed\.x .*seed\.jobs /);
  });
});
