import { diskReader } from '../config/disk-reader.ts';
import type { Config } from '../config/load.ts';
import type { Reader } from '../config/reader.ts';
import { type Change, counts } from '../core/change.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { plan } from '../core/plan.ts';
import type { Resource } from '../core/resource.ts';
import type { Rule } from '../core/rule.ts';
import type { Host } from '../host/host.ts';
import { examine } from './load.ts';
import type { CommonOptions } from './options.ts';
import type { Planned } from './planning.ts';
import type { Texts } from './accept-edits.ts';
import type { Ask } from './accept-ground.ts';

export type Reloaded = {
  readonly config: Config | undefined;
  readonly resources: readonly Resource[];
  readonly rules: readonly Rule[];
  readonly errors: readonly Diagnostic[];
};

/** The configuration as it would be with these texts in place of what is on the disk. */
export async function reload(
  host: Host,
  { config: file }: CommonOptions,
  target: string | undefined,
  texts: Texts,
): Promise<Reloaded> {
  const wanted = { file, target, env: host.env };
  const { draft, resources, rules, diagnostics } = await examine(readerOver(texts), wanted);
  return { config: draft, resources, rules, errors: errorsOf(diagnostics) };
}

/** The first of these that a plan on the same workspace would still want to write. */
export function stillPending(
  asks: readonly Ask[],
  { resources }: Reloaded,
  planned: Planned,
): Ask | undefined {
  const { live, context, document } = planned;
  const input = { resources, matches: live.matches, orphans: live.orphans, config: document.config.name };
  const { changes } = plan(input, context);
  const named = new Map(changes.map((change) => [nameOf(change), change]));
  const declared = new Set(resources.map(({ kind, key }) => `${kind}/${key}`));
  return asks.find(({ change, paths }) => {
    if (paths.length === 0) return declared.has(nameOf(change));
    const now = named.get(nameOf(change));
    const isOpen = now === undefined || now.verb === 'blocked';
    return isOpen || now.fields.some((field) => paths.includes(field.path) && counts(field));
  });
}

function nameOf({ kind, key }: Change): string {
  return `${kind}/${key}`;
}

function readerOver(texts: Texts): Reader {
  return {
    ...diskReader,
    read: (path) => {
      const text = texts.get(path);
      return text === undefined ? diskReader.read(path) : Promise.resolve(text);
    },
    size: (path) => {
      const text = texts.get(path);
      return text === undefined ? diskReader.size(path) : Promise.resolve(Buffer.byteLength(text));
    },
  };
}

function errorsOf(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error');
}
