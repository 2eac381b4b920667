import { invalid } from './answer.ts';
import { type Check, integer, object, required, shape, text } from './check.ts';
import { integerText, isObject, type JsonObject, listAt, objectAt, omit, textAt } from './json.ts';
import type { SeedPipeline } from './seed.ts';

/** A declarative pipeline (Lakeflow, formerly DLT). */
export type Pipeline = {
  readonly id: string;
  /** Sorts the newest first. */
  readonly key: string;
  readonly creator: string;
  /** With its own id in it. */
  readonly spec: JsonObject;
  readonly parameters: JsonObject | null;
  /** Null where it was never set. */
  readonly runAs: JsonObject | null;
  /** Milliseconds, in digits: it grows with every change. */
  readonly lastModified: string;
};

/** What an update takes and is no part of the spec. */
const BESIDE_SPEC = [
  'parameters',
  'run_as',
  'allow_duplicate_names',
  'expected_last_modified',
  'pipeline_id',
];

export const seedPipeline: Check<SeedPipeline> = shape({
  pipeline_id: required(text),
  creator_user_name: text,
  run_as: object,
  parameters: object,
  last_modified: integer,
  spec: required(object),
});

/** The spec as the server keeps it. A pipeline without a catalog has its storage made for it. */
export function storedSpec(id: string, spec: JsonObject): JsonObject {
  const hasStorage = textAt(spec, 'storage') !== undefined || textAt(spec, 'catalog') !== undefined;
  return { ...spec, id, ...(hasStorage ? {} : { storage: `dbfs:/pipelines/${id}` }) };
}

/** A later time than that of the change before, also where the clock stands still. */
export function nextModified({ lastModified }: Pick<Pipeline, 'lastModified'>, nowMs: number): string {
  const [now, next] = [BigInt(nowMs), BigInt(lastModified) + 1n];
  return String(now > next ? now : next);
}

/**
 * What a pipeline is after an update: nothing is left of what was not sent.
 * @throws Refusal (400)
 */
export function replaced(old: Pipeline, body: JsonObject, nowMs: number): Pipeline {
  const spec = omit(body, BESIDE_SPEC);
  checkSame(old, spec);
  checkNotifications(spec);
  return {
    ...old,
    spec: { ...spec, id: old.id },
    parameters: objectOrNull(body, 'parameters'),
    runAs: objectOrNull(body, 'run_as'),
    lastModified: nextModified(old, nowMs),
  };
}

/** What a `get` answers; `run_as` and `parameters` stand beside the spec, and only where they were set. */
export function shownPipeline(pipeline: Pipeline, lastModified: JsonObject[string]): JsonObject {
  const { id, spec, creator, runAs, parameters } = pipeline;
  return {
    ...rowOf(pipeline),
    pipeline_id: id,
    spec,
    creator_user_name: creator,
    last_modified: lastModified,
    ...(runAs === null ? {} : { run_as: runAs }),
    ...(parameters === null ? {} : { parameters }),
  };
}

/** A row of the list, which has no spec. */
export function rowOf({ id, spec, creator, runAs }: Pipeline): JsonObject {
  return {
    pipeline_id: id,
    state: spec['continuous'] === true ? 'RUNNING' : 'IDLE',
    name: textAt(spec, 'name') ?? '',
    creator_user_name: creator,
    run_as_user_name:
      textAt(runAs ?? {}, 'user_name') ?? textAt(runAs ?? {}, 'service_principal_name') ?? creator,
  };
}

export function nameOf({ spec }: Pipeline): string {
  return textAt(spec, 'name') ?? '';
}

function checkSame(old: Pipeline, spec: JsonObject): void {
  const id = textAt(spec, 'id');
  if (id !== undefined && id !== old.id) throw invalid(`The id of a pipeline cannot be changed: ${id}`);
  if (textAt(spec, 'storage') !== textAt(old.spec, 'storage'))
    throw invalid('The storage location of a pipeline cannot be changed.');
}

function checkNotifications(spec: JsonObject): void {
  for (const block of listAt(spec, 'notifications')) {
    for (const key of ['email_recipients', 'alerts']) {
      const members = isObject(block) ? listAt(block, key) : [];
      if (members.length === 0 || members.some((member) => typeof member !== 'string'))
        throw invalid(`Every element of notifications needs ${key}, a list of texts that is not empty.`);
    }
  }
}

function objectOrNull(body: JsonObject, key: string): JsonObject | null {
  return isObject(body[key]) ? objectAt(body, key) : null;
}

/** As it starts. */
export function pipelineFrom(
  seed: SeedPipeline,
  of: Pick<Pipeline, 'key' | 'creator' | 'lastModified'>,
): Pipeline {
  return {
    ...of,
    id: seed.pipeline_id,
    spec: storedSpec(seed.pipeline_id, seed.spec),
    parameters: seed.parameters ?? null,
    runAs: seed.run_as ?? null,
    ...(seed.creator_user_name === undefined ? {} : { creator: seed.creator_user_name }),
    lastModified: integerText(seed.last_modified) ?? of.lastModified,
  };
}
