import { describe, expect, test } from '@jest/globals';
import type { Entry } from '../../../src/core/entry.ts';
import type { Declared } from '../../../src/core/resource.ts';
import { IdRef, NameRef } from '../../../src/core/value.ts';
import { exactNumber } from '../../../src/kinds/client.ts';
import { EVENTS, REGISTRY_WIDE_EVENT } from '../../../src/kinds/registry-webhook/shape.ts';
import { aSecret, declare, kindNamed } from '../../support/builders.ts';

const kind = kindNamed('registry_webhook');
const token = aSecret('TOKEN');
const events = ['COMMENT_CREATED'];
const http = { events, http_url_spec: { url: 'https://hook.test' } };
const job = { events, job_spec: { job: 'retrain', access_token: token } };
const read = (entry: Entry): Declared => kind.resolve('hook', entry, { keysOf: () => [] });
const valueOf = (entry: Entry, path: string) => read(entry).wishes[path]?.value;

describe('an entry of registry_webhooks', () => {
  test('wishes for every field of its target, those that it leaves out empty or default', () => {
    const { wishes, traits, adoption } = read(http);
    expect(Object.fromEntries(Object.entries(wishes).map(([path, { value }]) => [path, value]))).toEqual({
      events,
      description: '',
      status: 'ACTIVE',
      'http_url_spec.url': 'https://hook.test',
      'http_url_spec.authorization': '',
      'http_url_spec.secret': '',
      'http_url_spec.enable_ssl_verification': true,
    });
    expect([traits, adoption]).toEqual([{ model_name: '', target: 'http' }, 'write']);
  });

  test('points at a job by its name or by its id', () => {
    expect(valueOf(job, 'job_spec.job_id')).toEqual(new NameRef('job', 'retrain'));
    const byId = { events, job_spec: { job_id: 77, access_token: token } };
    expect(valueOf(byId, 'job_spec.job_id')).toEqual(new IdRef('job', '77'));
    expect(read(job).origins['job_spec.job_id']).toEqual(['job_spec', 'job']);
    expect(read(byId).origins['job_spec.job_id']).toEqual(['job_spec', 'job_id']);
  });

  test.each(['authorization', 'authorization_header'])('takes the header under the key %s', (key) => {
    const entry = { events, http_url_spec: { url: 'https://hook.test', [key]: token } };
    expect(valueOf(entry, 'http_url_spec.authorization')).toBe(token);
    expect(read(entry).origins['http_url_spec.authorization']).toEqual(['http_url_spec', key]);
  });

  test('has a name that tells model and target, and no edit in place changes it', () => {
    const { name } = read({ ...http, model_name: 'churn' });
    expect(name).toBe('HTTP webhook of churn');
    expect(read(job).name).toBe('job trigger of the whole registry');
    const edited = { events: ['MODEL_VERSION_CREATED'], description: 'other', status: 'DISABLED' };
    const moved = { ...edited, model_name: 'churn', http_url_spec: { url: token } };
    expect(read(moved).name).toBe(name);
  });

  test.each<[string, Entry, string[]]>([
    ['no target', { events }, ['webhook-target-missing']],
    ['two targets', { ...http, ...job }, ['webhook-targets']],
    ['a model in Unity Catalog', { ...http, model_name: 'main.ml.churn' }, ['unity-catalog-model']],
    ['a model with a dot in its name', { ...http, model_name: 'churn.v2' }, []],
    [
      'an event of the registry for one model',
      { ...http, model_name: 'churn', events: ['COMMENT_CREATED', REGISTRY_WIDE_EVENT] },
      ['registry-wide-event'],
    ],
    ['an event of the registry for all of it', { ...http, events: [REGISTRY_WIDE_EVENT] }, []],
    ['an http:// address', { events, http_url_spec: { url: 'http://hook.test' } }, ['bad-webhook-url']],
    ['no address at all', { events, http_url_spec: { url: 'hook' } }, ['bad-webhook-url']],
    ['a secret address', { events, http_url_spec: { url: token } }, []],
    [
      'two spellings of the header',
      { events, http_url_spec: { url: token, authorization: token, authorization_header: token } },
      ['authorization-twice'],
    ],
    ['a bad id', { ...http, id: 'not an id' }, ['bad-webhook-id']],
    ['a good id', { ...http, id: '1234567890abcdef1234567890abcdef' }, []],
    ['no job', { events, job_spec: { access_token: token } }, ['webhook-job']],
    ['a job twice', { events, job_spec: { job: 'a', job_id: '1', access_token: token } }, ['webhook-job']],
    ['a bad job id', { events, job_spec: { job_id: 'retrain', access_token: token } }, ['bad-job-id']],
    ['a good job id', { events, job_spec: { job_id: '9223372036854775807', access_token: token } }, []],
    [
      'a name in another workspace',
      { events, job_spec: { job: 'a', access_token: token, workspace_url: 'https://other.test' } },
      ['webhook-job'],
    ],
  ])('with %s is judged', (_what, entry, expected) => {
    const errors = read(entry).findings.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code }) => code)).toEqual(expected);
  });

  test('that turns the check of certificates off is warned of', () => {
    const [finding] = read({
      events,
      http_url_spec: { url: token, enable_ssl_verification: false },
    }).findings;
    expect(finding).toMatchObject({ code: 'verification-off', severity: 'warning' });
    expect(read(http).findings).toEqual([]);
  });

  test('places a finding where it was typed', () => {
    const { findings } = read({
      ...http,
      model_name: 'churn',
      events: ['COMMENT_CREATED', REGISTRY_WIDE_EVENT],
    });
    expect(findings.map(({ path }) => path)).toEqual([['events', 1]]);
  });

  test('is no twin of another of the same model and target, but of one with its id', () => {
    const codesOf = (entry: Entry) =>
      declare({ registry_webhooks: { a: entry, b: entry } }).diagnostics.map(({ code }) => code);
    expect(codesOf(http)).toEqual([]);
    expect(codesOf({ ...http, id: 'abc' })).toEqual(['same-object']);
  });
});

describe('a live webhook', () => {
  const raw = {
    id: 'abc',
    events,
    http_url_spec: { url: 'https://hook.test', enable_ssl_verification: false },
    creation_timestamp: 1_700_000_000_000,
    last_updated_timestamp: exactNumber('1700000001000'),
  };
  const secret = { ...raw, http_url_spec: { url: 'https://hooks.slack.com/services/hidden' } };
  const jobRaw = { id: 'def', model_name: 'churn', events, status: 'DISABLED', job_spec: { job_id: '77' } };

  test('tells what a list tells, with defaults where it says nothing', () => {
    expect(kind.observe(raw)).toMatchObject({
      id: 'abc',
      name: 'HTTP webhook of the whole registry',
      traits: { model_name: '', target: 'http' },
      spec: { events, description: '', status: 'ACTIVE', 'http_url_spec.enable_ssl_verification': false },
      uses: [],
    });
    expect(kind.observe(secret).spec['http_url_spec.enable_ssl_verification']).toBe(true);
    expect(kind.observe(jobRaw)).toMatchObject({
      traits: { model_name: 'churn', target: 'job' },
      spec: { status: 'DISABLED', 'job_spec.job_id': new IdRef('job', '77') },
      uses: [{ kind: 'job', id: '77' }],
    });
  });

  test('points at nothing here where its job is in another workspace', () => {
    const elsewhere = { ...jobRaw, job_spec: { job_id: '77', workspace_url: 'https://other.test' } };
    expect(kind.observe(elsewhere).uses).toEqual([]);
  });

  test('says nothing about its secrets, not even whether they are set', () => {
    expect(kind.observe(raw).gaps.map(({ prefix }) => prefix)).toEqual([
      'http_url_spec.authorization',
      'http_url_spec.secret',
      'job_spec.access_token',
    ]);
  });

  test('shows no URL of which its look tells that it is a secret', () => {
    const observed = kind.observe(secret);
    expect(JSON.stringify([observed, kind.outputs?.(secret)])).not.toContain('hidden');
    expect(kind.outputs?.(secret)['url']).toBe('(secret url at hooks.slack.com)');
  });

  test('has the outputs of the Terraform module', () => {
    expect(kind.outputs?.(raw, {})).toEqual({
      webhook_id: 'abc',
      status: 'ACTIVE',
      events: 'COMMENT_CREATED',
      url: 'https://hook.test',
      created_at: '2023-11-14T22:13:20.000Z',
      updated_at: '2023-11-14T22:13:21.000Z',
    });
    expect(kind.outputs?.(jobRaw)).toMatchObject({ job_id: '77', status: 'DISABLED' });
  });

  test('tells of a URL that was applied as a secret which, and of one that may have been its host alone', () => {
    const secrets = { 'http_url_spec.url': { label: '(secret HOOK_URL)' } };
    expect(kind.outputs?.(raw, secrets)['url']).toBe('(secret HOOK_URL)');
    expect(kind.outputs?.({ ...raw, http_url_spec: { url: 'https://hook.test/hidden' } })['url']).toBe(
      'https://hook.test/…',
    );
  });

  test.each([null, 'x', [], { creation_timestamp: 'soon', events: {} }])(
    'has outputs whatever it is: %j',
    (odd) => {
      expect(kind.outputs?.(odd)).toEqual({ status: 'ACTIVE' });
    },
  );

  test.each<[string, Entry, object, boolean]>([
    ['the same address', http, raw, true],
    ['another address', { events, http_url_spec: { url: 'https://other.test' } }, raw, false],
    ['another model', { ...http, model_name: 'churn' }, raw, false],
    ['another kind of target', job, raw, false],
    [
      'a secret of the same text',
      { events, http_url_spec: { url: aSecret('U', 'https://hook.test') } },
      raw,
      true,
    ],
    ['a secret that is not set', { events, http_url_spec: { url: aSecret('U', '') } }, secret, false],
    [
      'a secret that is shown',
      { events, http_url_spec: { url: aSecret('U', 'https://hooks.slack.com/services/hidden') } },
      secret,
      true,
    ],
    [
      'the same text, once as a secret',
      { events, http_url_spec: { url: 'https://hooks.slack.com/services/hidden' } },
      secret,
      true,
    ],
    ['the same job', { events, model_name: 'churn', job_spec: { job_id: '77' } }, jobRaw, true],
    ['another job', { events, model_name: 'churn', job_spec: { job_id: '78' } }, jobRaw, false],
  ])('is told from an entry with %s', (_what, entry, live, expected) => {
    expect(kind.isSame(read(entry), kind.observe(live as never))).toBe(expected);
  });
});

describe('the events', () => {
  test('are the twelve of the API, each described', () => {
    expect(Object.keys(EVENTS).length).toBe(12);
    expect(Object.values(EVENTS).every((text) => text.length > 10)).toBe(true);
  });
});
