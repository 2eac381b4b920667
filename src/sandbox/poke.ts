import { storedConfig } from './destination-config.ts';
import { treePath } from './file-tree.ts';
import { storedSettings } from './job-settings.ts';
import { copyObject, type JsonObject } from './json.ts';
import { nextModified, storedSpec } from './pipeline.ts';
import { storedWebhook } from './registry-webhook.ts';
import type { SeedJob, SeedPipeline, SeedRegistryWebhook } from './seed.ts';
import {
  type Destination,
  type Job,
  placeFile,
  runAsOf,
  seedJob,
  seedPipeline,
  seedRegistryWebhook,
  type Workspace,
} from './workspace.ts';

/**
 * Changes made behind the API's back, as somebody in the UI would: seen at once, checked by nobody, so that a
 * workspace can be brought into any state. @throws Error for an id that does not exist.
 */
export type Poke = {
  readonly renameDestination: (id: string, displayName: string) => void;
  readonly deleteDestination: (id: string) => void;
  /** `config` replaces the old one whole, its type included. */
  readonly patchDestination: (id: string, patch: DestinationPatch) => void;
  /** Sets a job's settings to what `change` makes of a copy of them. */
  readonly setJob: (id: string, change: (settings: JsonObject) => JsonObject) => void;
  /** @returns the job's id. */
  readonly addJob: (job: SeedJob) => string;
  readonly deleteJob: (id: string) => void;
  /** Sets a pipeline's spec to what `change` makes of a copy of it; its time of modification moves on. */
  readonly setPipeline: (id: string, change: (spec: JsonObject) => JsonObject) => void;
  /** @returns the pipeline's id. */
  readonly addPipeline: (pipeline: SeedPipeline) => string;
  readonly deletePipeline: (id: string) => void;
  /** Sets top-level keys, a specification whole, its secrets included; null removes one. */
  readonly patchRegistryWebhook: (id: string, patch: RegistryWebhookPatch) => void;
  /** @returns the webhook's id. */
  readonly addRegistryWebhook: (webhook: SeedRegistryWebhook) => string;
  readonly deleteRegistryWebhook: (id: string) => void;
  /** Creates the folders on the way and overwrites. */
  readonly writeFile: (path: string, content: string) => void;
  readonly deleteFile: (path: string) => void;
};

export type RegistryWebhookPatch = JsonObject & { readonly events?: readonly string[] };

export type DestinationPatch = { readonly display_name?: string; readonly config?: JsonObject };

export function createPoke(workspace: Workspace): Poke {
  const { destinations, jobs, pipelines, registryWebhooks, files } = workspace;
  const patchDestination = (id: string, patch: DestinationPatch): void =>
    destinations.set(id, patched(expected(destinations.get(id), `destination ${id}`), patch));
  return {
    patchDestination,
    renameDestination: (id, displayName) => patchDestination(id, { display_name: displayName }),
    deleteDestination: (id) => destinations.delete(expected(destinations.get(id), `destination ${id}`).id),
    setJob: (id, change) => jobs.set(id, withSettings(expected(jobs.get(id), `job ${id}`), change)),
    addJob: (job) => seedJob(workspace, job).id,
    deleteJob: (id) => jobs.delete(expected(jobs.get(id), `job ${id}`).id),
    setPipeline: (id, change) => {
      const old = expected(pipelines.get(id), `pipeline ${id}`);
      const spec = storedSpec(id, change(copyObject(old.spec)));
      pipelines.set(id, { ...old, spec, lastModified: nextModified(old, workspace.now()) });
    },
    addPipeline: (pipeline) => seedPipeline(workspace, pipeline).id,
    deletePipeline: (id) => pipelines.delete(expected(pipelines.get(id), `pipeline ${id}`).id),
    patchRegistryWebhook: (id, patch) => {
      const old = expected(registryWebhooks.get(id), `registry webhook ${id}`);
      const { events = old.fields.events } = patch;
      const fields = storedWebhook({ ...mergedSettings(old.fields, patch), events });
      registryWebhooks.set(id, { ...old, fields, updatedMs: workspace.now() });
    },
    addRegistryWebhook: (webhook) => seedRegistryWebhook(workspace, webhook).id,
    deleteRegistryWebhook: (id) =>
      registryWebhooks.delete(expected(registryWebhooks.get(id), `registry webhook ${id}`).id),
    writeFile: (path, content) => placeFile(workspace, path, content),
    deleteFile: (path) => files.delete(treePath(path), true),
  };
}

/** Sets top-level keys of settings; null removes one. */
export function mergedSettings(settings: JsonObject, patch: JsonObject): JsonObject {
  const kept = Object.entries({ ...settings, ...patch }).filter(([, value]) => value !== null);
  return Object.fromEntries(kept);
}

function patched(destination: Destination, patch: DestinationPatch): Destination {
  const config = patch.config === undefined ? destination.config : storedConfig(patch.config);
  return { ...destination, name: patch.display_name ?? destination.name, config };
}

function withSettings(job: Job, change: (settings: JsonObject) => JsonObject): Job {
  const settings = storedSettings(change(copyObject(job.settings)));
  return { ...job, settings, runAs: runAsOf(settings) ?? job.runAs };
}

function expected<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the sandbox has no ${what}`);
  return value;
}
