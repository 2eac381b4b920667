import { describe, expect, test } from '@jest/globals';
import { type Bucket, bucketOf, pacingOf } from '../../src/databricks/buckets.ts';
import type { ApiRequest } from '../../src/kinds/client.ts';

describe('bucketOf', () => {
  test.each<[ApiRequest['method'], string, Bucket]>([
    ['GET', '/api/2.2/jobs/list', 'jobs/list'],
    ['GET', '/api/2.1/jobs/get', 'jobs/get'],
    ['POST', '/api/2.2/jobs/update', 'jobs/update'],
    ['POST', '/api/2.2/jobs/reset', 'other'],
    ['GET', '/api/2.0/pipelines', 'pipelines/read'],
    ['GET', '/api/2.0/pipelines/9f2', 'pipelines/read'],
    ['PUT', '/api/2.0/pipelines/9f2', 'pipelines/write'],
    ['POST', '/api/2.0/workspace-files/import-file/Users%2Fa%2Fb.json', 'workspace/import'],
    ['GET', '/api/2.0/workspace/export', 'workspace/export'],
    ['GET', '/api/2.0/workspace/get-status', 'other'],
    ['POST', '/api/2.0/workspace/delete', 'workspace/delete'],
    ['POST', '/api/2.0/workspace/mkdirs', 'workspace/mkdirs'],
    ['PATCH', '/api/2.0/mlflow/registry-webhooks/update', 'model-registry'],
    ['GET', '/api/2.0/permissions/jobs/7', 'permissions/read'],
    ['PATCH', '/api/2.0/permissions/jobs/7', 'other'],
    ['GET', '/api/2.0/notification-destinations', 'other'],
    ['GET', '/api/2.0/preview/scim/v2/Me', 'other'],
    ['GET', '/api/2.0/toString', 'other'],
  ])('puts %s %s into %s', (method, path, bucket) => {
    expect(bucketOf({ method, path })).toBe(bucket);
  });
});

describe('pacingOf', () => {
  test.each<[Bucket, number]>([
    ['jobs/list', 20],
    ['jobs/get', 20],
    ['jobs/update', 10],
    ['pipelines/read', 150],
    ['pipelines/write', 50],
    ['workspace/import', 30],
    ['workspace/export', 60],
    ['workspace/delete', 2],
    ['model-registry', 40],
    ['permissions/read', 100],
  ])('keeps %s within %d in any second, and near to it', (bucket, limit) => {
    const { perSecond, burst } = pacingOf(bucket);
    expect(Math.floor(burst + perSecond)).toBeLessThanOrEqual(limit);
    expect(perSecond / limit).toBeCloseTo(0.96, 5);
    expect(burst).toBeGreaterThanOrEqual(1);
  });
});
