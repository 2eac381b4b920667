import type { Features } from '../../core/select.ts';
import { asObject, asText, type Json, type JsonObject } from '../client.ts';

/** Settings that say that a job runs by itself. */
export const TRIGGERS = ['schedule', 'trigger', 'continuous'] as const;

/** The part of an answer that each feature is read from; rows of a list may leave one out. */
export const FEATURE_SOURCES: Readonly<Record<string, string>> = {
  tags: 'tags',
  creator: 'creator_user_name',
  bundle: 'deployment',
  has_schedule: 'schedule',
};

/** What rules choose jobs by. `run_as` is told by `jobs/get` alone. */
export function featuresOf(raw: Json): Features {
  const job = asObject(raw);
  const settings = asObject(job['settings']);
  const tags = Object.entries(asObject(settings['tags']));
  return {
    name: asText(settings['name']),
    ...Object.fromEntries(tags.map(([tag, value]) => [`tags.${tag}`, asText(value)])),
    ...textAt(job, 'creator_user_name', 'creator'),
    ...textAt(job, 'run_as_user_name', 'run_as'),
    bundle: bundleOf(settings),
    has_schedule: TRIGGERS.some((key) => settings[key] !== undefined),
  };
}

function textAt(job: JsonObject, key: string, feature: string): Features {
  const text = asText(job[key]);
  return text === '' ? {} : { [feature]: text };
}

/** The bundle's name where its folder tells, an empty text where it does not, and false for a job of no bundle. */
function bundleOf(settings: JsonObject): string | false {
  const { kind, metadata_file_path: path } = asObject(settings['deployment']);
  if (asText(kind) !== 'BUNDLE') return false;
  return /\/\.bundle\/([^/]+)\//.exec(asText(path))?.[1] ?? '';
}
