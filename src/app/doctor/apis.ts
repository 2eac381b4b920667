import type { Finding } from '../../core/doctor.ts';
import { ApiError, PermissionError } from '../../core/errors.ts';
import type { Query } from '../../kinds/client.ts';
import { type About, failureOf, named, probe } from './finding.ts';
import type { Ward } from './visit.ts';

const ALERTS = { group: 'permissions', code: 'alerts', title: 'SQL alerts' } as const;

/** Alerts use destinations: while they cannot be read, no destination is deleted. */
export async function alertFindings({ client }: Ward): Promise<readonly Finding[]> {
  try {
    const query = { page_size: 1 };
    await client.send({ method: 'GET', path: '/api/2.0/alerts', query, delivery: 'repeat' });
    return [{ ...ALERTS, status: 'ok', detail: 'those that this identity may see can be listed' }];
  } catch (error) {
    const { detail, remedy } = failureOf(error);
    const consequence = 'while they cannot be read, no destination is deleted or replaced';
    return [{ ...ALERTS, status: 'unknown', detail: `${detail}; ${consequence}`, remedy }];
  }
}

const REGISTRY = { group: 'permissions', code: 'registry-webhooks', title: 'Registry webhooks' } as const;
const MOST_MODELS = 20;

/** Whoever manages a model may read its webhooks; those of the whole registry are for admins. */
export function registryFindings(ward: Ward): Promise<readonly Finding[]> {
  return probe(REGISTRY, async () => {
    const models = modelsOf(ward);
    if (models?.length === 0) return [];
    const asked = (models ?? ['']).slice(0, MOST_MODELS);
    const answers = await Promise.all(asked.map((model) => readWebhooks(ward, model)));
    const denied = asked.filter((_model, at) => answers[at] === 'denied');
    return [judged(REGISTRY, { denied, isNeeded: models !== undefined })];
  });
}

/** Names of the models that the configuration sets webhooks on, `''` for the whole registry; undefined without one. */
function modelsOf({ loaded }: Ward): readonly string[] | undefined {
  const webhooks = loaded?.resources.filter(({ kind }) => kind === 'registry_webhook');
  return webhooks && [...new Set(webhooks.map(({ traits }) => traits['model_name'] ?? ''))].sort();
}

async function readWebhooks({ client }: Ward, model: string): Promise<'read' | 'denied'> {
  const path = '/api/2.0/mlflow/registry-webhooks/list';
  const query: Query = { max_results: 1, ...(model === '' ? {} : { model_name: model }) };
  try {
    await client.send({ method: 'GET', path, query, delivery: 'repeat' });
    return 'read';
  } catch (error) {
    // A model that does not exist is refused as well.
    if (error instanceof PermissionError || (error instanceof ApiError && error.status === 404))
      return 'denied';
    throw error;
  }
}

type Judging = { readonly denied: readonly string[]; readonly isNeeded: boolean };

function judged(about: About, { denied, isNeeded }: Judging): Finding {
  if (denied.length === 0) return { ...about, status: 'ok', detail: 'can be read' };
  const whose = named(denied.map((model) => (model === '' ? 'the whole registry' : `the model ${model}`)));
  const remedy =
    'give this identity CAN_MANAGE on the model, and for the whole registry make it an admin; a workspace without the Workspace Model Registry has none';
  const detail = `those of ${whose} may not be read by this identity, or the registry or model is not there`;
  return { ...about, status: isNeeded ? 'problem' : 'warning', detail, remedy };
}
