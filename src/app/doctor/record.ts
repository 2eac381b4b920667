import type { Finding, Snippet } from '../../core/doctor.ts';
import { RecordError } from '../../core/errors.ts';
import type { RecordDocument } from '../../core/record.ts';
import { openStore } from '../session.ts';
import { failureOf } from './finding.ts';
import type { Ward } from './visit.ts';

const ABOUT = { group: 'permissions', code: 'record', title: 'Record' } as const;

/** What is remembered, and whether it can be read. Nothing is written, so whether it could be is not found out. */
export type Remembered = {
  readonly record: RecordDocument | null;
  readonly findings: readonly Finding[];
};

export async function recordFindings(ward: Ward): Promise<Remembered> {
  const { loaded, client, person, host } = ward;
  if (loaded === undefined) return { record: null, findings: [] };
  const { name, target, settings } = loaded.config;
  const scope = { config: name, target: target.name, workspaceId: person.workspaceId };
  const timing = { lockTimeoutMs: 0, clock: host.clock, sleep: host.sleep };
  const identity = { ...person, isAdmin: person.isAdmin === true };
  try {
    const store = openStore(loaded, { client, identity, scope, timing });
    if (settings.record === 'none') return { record: null, findings: [none()] };
    const record = await store.load();
    const place = store.describe();
    return { record, findings: [record === null ? absent(place, ward) : present(place, record)] };
  } catch (error) {
    const status = error instanceof RecordError ? 'problem' : 'unknown';
    return { record: null, findings: [{ ...ABOUT, status, ...failureOf(error) }] };
  }
}

function none(): Finding {
  const detail = 'settings.record is none: nothing is remembered, and nothing is ever deleted';
  return { ...ABOUT, status: 'ok', detail };
}

function present(place: string, { identity, updated_at, serial }: RecordDocument): Finding {
  const detail = `${place} can be read: save ${serial}, by ${identity}, ${updated_at}`;
  return { ...ABOUT, status: 'ok', detail };
}

function absent(place: string, { loaded, person }: Ward): Finding {
  const detail = `${place} is not there, or may not be seen by this identity`;
  const isDefault = loaded?.config.settings.record === 'workspace';
  if (!isDefault) {
    const remedy =
      'the first apply makes it; after that, give this identity CAN_EDIT on its folder, or CAN_VIEW where it only plans';
    return { ...ABOUT, status: 'warning', detail, remedy };
  }
  const remedy = `the first apply as ${person.userName} makes it; where another identity applies, name one path for both, in a folder that only these two may write to`;
  return { ...ABOUT, status: 'warning', detail, remedy, snippets: [onePath(loaded?.config.name ?? '')] };
}

function onePath(name: string): Snippet {
  const path = JSON.stringify(`/Workspace/lakebell/${name}.json`);
  return {
    title: 'In the configuration',
    language: 'yaml',
    text: `settings:\n  record: { workspace: ${path} }`,
  };
}
