import { entryText, type Entry, type EntryPath, type EntryValue, type Finding } from '../../core/entry.ts';
import { Secret } from '../../core/secret.ts';
import { REGISTRY_WIDE_EVENT } from './shape.ts';
import { blockOf, targetsOf } from './statement.ts';

const UNITY_CATALOG = /^[^.]+\.[^.]+\.[^.]+$/;

/** What is wrong with an entry, as far as the file alone tells. */
export function findingsOf(entry: Entry): readonly Finding[] {
  const [target, second] = targetsOf(entry);
  if (target === undefined || second !== undefined) return [targetFinding(target), ...commonFindings(entry)];
  const own = target === 'http' ? httpFindings(blockOf(entry, 'http')) : jobFindings(blockOf(entry, 'job'));
  return [...commonFindings(entry), ...own];
}

function targetFinding(first: string | undefined): Finding {
  if (first === undefined) {
    const hint = 'give `http_url_spec: { url: … }`, or `job_spec: { job: …, access_token: … }`';
    return error('webhook-target-missing', [], 'this webhook has no target', hint);
  }
  const message = 'a webhook has one target; this one has http_url_spec and job_spec';
  return error('webhook-targets', ['job_spec'], message, 'keep one, or make two webhooks');
}

function commonFindings(entry: Entry): readonly Finding[] {
  return [...idFindings(entryText(entry['id'])), ...modelFindings(entry)];
}

function idFindings(id: string): readonly Finding[] {
  if (id === '' || isUnresolved(id) || /^[\w-]+$/.test(id)) return [];
  const hint = 'letters, digits, "-" and "_", as `registry-webhooks/list` shows it';
  return [error('bad-webhook-id', ['id'], `"${id}" is not the id of a webhook`, hint)];
}

function modelFindings(entry: Entry): readonly Finding[] {
  const model = entryText(entry['model_name']);
  if (model === '') return [];
  if (UNITY_CATALOG.test(model)) {
    const message = `"${model}" names a model in Unity Catalog, and those have no registry webhooks`;
    const hint = 'only models of the workspace model registry have them: give such a name, or drop the entry';
    return [error('unity-catalog-model', ['model_name'], message, hint)];
  }
  const events: readonly EntryValue[] = Array.isArray(entry['events']) ? entry['events'] : [];
  const at = events.indexOf(REGISTRY_WIDE_EVENT);
  if (at === -1) return [];
  const message = `${REGISTRY_WIDE_EVENT} is an event of the whole registry, and this webhook is for one model`;
  return [error('registry-wide-event', ['events', at], message, 'drop the event, or `model_name`')];
}

function httpFindings(block: Entry): readonly Finding[] {
  return [...urlFindings(block['url']), ...headerFindings(block), ...verificationFindings(block)];
}

function urlFindings(url: EntryValue | undefined): readonly Finding[] {
  const text = entryText(url);
  // What is missing, or could not be put in, has an error of its own.
  if (url instanceof Secret || text === '' || isUnresolved(text) || isHttps(text)) return [];
  const at = ['http_url_spec', 'url'];
  return [
    error(
      'bad-webhook-url',
      at,
      `"${text}" is not an HTTPS address`,
      'Databricks calls https:// addresses only',
    ),
  ];
}

function headerFindings(block: Entry): readonly Finding[] {
  if (block['authorization'] === undefined || block['authorization_header'] === undefined) return [];
  const message = 'authorization and authorization_header are two spellings of one field';
  return [
    error('authorization-twice', ['http_url_spec', 'authorization_header'], message, 'keep one of the two'),
  ];
}

function verificationFindings(block: Entry): readonly Finding[] {
  if (block['enable_ssl_verification'] !== false) return [];
  const path = ['http_url_spec', 'enable_ssl_verification'];
  const message = 'the certificate of the endpoint is not checked, so anybody in between can read and answer';
  const hint = 'give the endpoint a certificate of a public authority, and drop this line';
  return [{ code: 'verification-off', severity: 'warning', path, message, hint }];
}

function jobFindings(block: Entry): readonly Finding[] {
  const [job, id] = [block['job'], block['job_id']];
  if ((job === undefined) === (id === undefined)) {
    const message = job === undefined ? 'job_spec names no job' : 'job_spec names a job twice';
    const path = job === undefined ? ['job_spec'] : ['job_spec', 'job_id'];
    return [error('webhook-job', path, message, 'give either `job` (its name) or `job_id`')];
  }
  const text = entryText(id);
  if (id !== undefined && !isUnresolved(text) && !/^[1-9]\d{0,18}$/.test(text)) {
    const hint = 'the number in the job\'s address, for example "123456789012345"; or use `job`';
    return [error('bad-job-id', ['job_spec', 'job_id'], `"${text}" is not a job id`, hint)];
  }
  if (job === undefined || block['workspace_url'] === undefined) return [];
  const message = 'a job of another workspace cannot be looked up by its name';
  return [error('webhook-job', ['job_spec', 'job'], message, 'give `job_id`, or drop `workspace_url`')];
}

function isHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}

function isUnresolved(text: string): boolean {
  return text.includes('${');
}

function error(code: string, path: EntryPath, message: string, hint: string): Finding {
  return { code, severity: 'error', path, message, hint };
}
