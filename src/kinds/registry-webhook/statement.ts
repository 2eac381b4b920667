import { entryText, isEntry, type Entry, type EntryPath, type EntryValue } from '../../core/entry.ts';
import type { Wish } from '../../core/resource.ts';
import { Secret } from '../../core/secret.ts';
import { IdRef, NameRef, type Item, type Value } from '../../core/value.ts';
import { BLOCKS, type Target } from './shape.ts';

export type Statement = {
  readonly traits: Readonly<Record<string, string>>;
  readonly wishes: Readonly<Record<string, Wish>>;
  readonly origins: Readonly<Record<string, EntryPath>>;
};

/** Every field of the webhook: one that the file leaves out is wished empty or default, as we own the webhook whole. */
export function readStatement(entry: Entry): Statement {
  const [target] = targetsOf(entry);
  const stated = [...readTop(entry), ...(target === undefined ? [] : READERS[target](entry))];
  return {
    traits: target === undefined ? {} : { model_name: entryText(entry['model_name']), target },
    wishes: Object.fromEntries(stated.map(({ path, value }) => [path, { mode: 'exact', value }])),
    origins: Object.fromEntries(stated.map(({ path, origin }) => [path, origin])),
  };
}

/** The targets that an entry sets up; one is right. */
export function targetsOf(entry: Entry): readonly Target[] {
  return (['http', 'job'] as const).filter((target) => entry[BLOCKS[target]] !== undefined);
}

export function blockOf(entry: Entry, target: Target): Entry {
  const block = entry[BLOCKS[target]];
  return isEntry(block) ? block : {};
}

type Stated = { readonly path: string; readonly value: Value; readonly origin: EntryPath };

const READERS: Readonly<Record<Target, (entry: Entry) => readonly Stated[]>> = {
  http: readHttp,
  job: readJob,
};

function readTop(entry: Entry): readonly Stated[] {
  const { events, description, status } = entry;
  const names = Array.isArray(events) ? events.map((event: EntryValue) => entryText(event)) : [];
  return [
    { path: 'events', value: names, origin: ['events'] },
    { path: 'description', value: entryText(description), origin: ['description'] },
    { path: 'status', value: entryText(status) || 'ACTIVE', origin: ['status'] },
  ];
}

function readHttp(entry: Entry): readonly Stated[] {
  const { url, authorization, authorization_header, secret, enable_ssl_verification } = blockOf(
    entry,
    'http',
  );
  const header = authorization === undefined ? 'authorization_header' : 'authorization';
  return [
    stated('http', 'url', textOf(url)),
    {
      ...stated('http', 'authorization', textOf(authorization ?? authorization_header)),
      origin: [BLOCKS.http, header],
    },
    stated('http', 'secret', textOf(secret)),
    stated('http', 'enable_ssl_verification', enable_ssl_verification !== false),
  ];
}

function readJob(entry: Entry): readonly Stated[] {
  const { job, job_id, access_token, workspace_url } = blockOf(entry, 'job');
  const isNamed = job !== undefined;
  const pointer = isNamed ? new NameRef('job', entryText(job)) : new IdRef('job', entryText(job_id));
  return [
    { ...stated('job', 'job_id', pointer), origin: [BLOCKS.job, isNamed ? 'job' : 'job_id'] },
    stated('job', 'access_token', textOf(access_token)),
    stated('job', 'workspace_url', textOf(workspace_url)),
  ];
}

function stated(target: Target, field: string, value: Value): Stated {
  const block = BLOCKS[target];
  return { path: `${block}.${field}`, value, origin: [block, field] };
}

/** Empty rather than null, so that the record remembers that it was left out. */
function textOf(value: EntryValue | undefined): Item {
  return value instanceof Secret ? value : entryText(value);
}
