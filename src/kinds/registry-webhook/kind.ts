import { entryText, type Entry } from '../../core/entry.ts';
import type { Declared, FieldRule, Observed } from '../../core/resource.ts';
import { Secret } from '../../core/secret.ts';
import { isSame as isSameValue, type Value } from '../../core/value.ts';
import type { Kind } from '../kind.ts';
import { connectRegistryWebhooks } from './api.ts';
import { findingsOf } from './findings.ts';
import { NEVER_TOLD, observeWebhook, outputsOf } from './observe.ts';
import { registryWebhookSchema } from './schema.ts';
import { BLOCKS, FIELDS, nameOf, UNTOLD } from './shape.ts';
import { readStatement } from './statement.ts';

const ADMIN_ONLY = 'only workspace admins may list the webhooks of the whole registry';

export const registryWebhook: Kind = {
  name: 'registry_webhook',
  section: 'registry_webhooks',
  title: 'registry webhooks',
  docs: 'https://docs.databricks.com/api/workspace/modelregistry/createwebhook',
  ownership: 'whole',
  isNamed: false,
  isPointedAt: false,
  // A PATCH may keep what it does not take.
  isReadBack: true,
  schema: registryWebhookSchema,
  rules: fieldRules(),
  resolve,
  observe: observeWebhook,
  isSame,
  judge: () => ({ obstacles: [], warnings: [] }),
  audience: () => ({}),
  outputs: outputsOf,
  connect: connectRegistryWebhooks,
};

function fieldRules(): readonly FieldRule[] {
  const top = ['events', 'description', 'status'].map((path) => ({ path }));
  const fields = FIELDS.map((path) => ({ path, sentWith: path.slice(0, path.indexOf('.')) }));
  return [...top, ...fields].map((rule) => ({
    ...rule,
    adminOnly: ADMIN_ONLY,
    ...(UNTOLD.includes(rule.path) ? { writeOnly: NEVER_TOLD } : {}),
    ...(rule.path === `${BLOCKS.job}.job_id` ? { pointsAt: 'job' } : {}),
  }));
}

function resolve(key: string, entry: Entry): Declared {
  const id = entryText(entry['id']);
  const statement = readStatement(entry);
  return {
    ...statement,
    name: nameOf(statement.traits),
    display: entryText(entry['description']) || key,
    ...(id === '' ? {} : { id }),
    isExisting: false,
    adoption: entry['adopt'] === 'keep' ? 'keep' : 'write',
    findings: findingsOf(entry),
  };
}

/** Webhooks have no names: the same model and the same address or job make two of them one. */
function isSame({ traits, wishes }: Declared, observed: Observed): boolean {
  const path = traits['target'] === 'job' ? `${BLOCKS.job}.job_id` : `${BLOCKS.http}.url`;
  const isAlike = Object.entries(traits).every(([trait, value]) => observed.traits[trait] === value);
  return isAlike && isSameTarget(wishes[path]?.value, observed.spec[path]);
}

function isSameTarget(wanted: Value | undefined, live: Value | undefined): boolean {
  if (wanted instanceof Secret && live instanceof Secret) return wanted.isSameAs(live);
  if (wanted instanceof Secret) return typeof live === 'string' && wanted.isText(live);
  if (live instanceof Secret) return typeof wanted === 'string' && live.isText(wanted);
  return isSameValue(wanted, live);
}
