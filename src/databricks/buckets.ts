import type { ApiRequest } from '../kinds/client.ts';

/**
 * Requests per second that Databricks publishes for one workspace and all of its clients together.
 * https://docs.databricks.com/aws/en/resources/limits
 */
const PUBLISHED = {
  'jobs/list': 20,
  'jobs/get': 20,
  'jobs/update': 10,
  'pipelines/read': 150,
  'pipelines/write': 50,
  'workspace/import': 30,
  'workspace/export': 60,
  'workspace/list': 50,
  'workspace/mkdirs': 20,
  'workspace/delete': 2,
  'model-registry': 40,
  'permissions/read': 100,
} as const;

/** What shares one limit; `other` is every API for which none is published. */
export type Bucket = keyof typeof PUBLISHED | 'other';

/** So much of a published limit is used: what arrives is less even than what is sent. */
const SHARE = 0.96;
/** As the official clients go. */
const UNPUBLISHED_PER_SECOND = 15;

/** `burst`: requests that may start at once after a pause. */
export type Pacing = { readonly perSecond: number; readonly burst: number };

export const BURST = 5;

/** How fast a bucket may go at most. In no second do its requests come to more than the published limit. */
export function pacingOf(bucket: Bucket): Pacing {
  if (bucket === 'other') return { perSecond: UNPUBLISHED_PER_SECOND, burst: BURST };
  const limit = PUBLISHED[bucket];
  // In a second no more than burst + rate begin. Only whole ones do, so that a part of one more is free: it makes up for
  // timers that are late.
  return { perSecond: limit * SHARE, burst: Math.max(1, limit * (1 - SHARE) + 0.9) };
}

export function bucketOf({ method, path }: Pick<ApiRequest, 'method' | 'path'>): Bucket {
  const api = path.replace(/^\/api\/\d+\.\d+\//, '');
  if (isPublished(api)) return api;
  if (api.startsWith('workspace-files/import-file/')) return 'workspace/import';
  if (api.startsWith('mlflow/')) return 'model-registry';
  if (api.startsWith('permissions/') && method === 'GET') return 'permissions/read';
  if (api === 'pipelines' || api.startsWith('pipelines/'))
    return method === 'GET' ? 'pipelines/read' : 'pipelines/write';
  return 'other';
}

function isPublished(api: string): api is keyof typeof PUBLISHED {
  return Object.hasOwn(PUBLISHED, api);
}
