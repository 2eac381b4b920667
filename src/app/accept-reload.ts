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
import { type Ask, writeByHand } from './accept-ground.ts';

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

/** An edit that cannot stay, and the way on. */
export type Spoilt = { readonly ask: Ask; readonly why: string; readonly hint: string };

/** Those of these after which a plan on the same workspace would still want to write what they are about, or more. */
export function unsettled(
  asks: readonly Ask[],
  { resources }: Reloaded,
  planned: Planned,
): readonly Spoilt[] {
  const { live, context, document } = planned;
  const input = { resources, matches: live.matches, orphans: live.orphans, config: document.config.name };
  const { changes } = plan(input, context);
  const named = new Map(changes.map((change) => [nameOf(change), change]));
  const declared = new Set(resources.map(({ kind, key }) => `${kind}/${key}`));
  return asks.flatMap((ask) => {
    if (ask.paths.length === 0) return declared.has(nameOf(ask.change)) ? [stillDiffers(ask)] : [];
    const beside = asks.filter(({ change }) => change === ask.change);
    return spoiltBy(ask, beside, named.get(nameOf(ask.change)));
  });
}

function spoiltBy(ask: Ask, beside: readonly Ask[], now: Change | undefined): readonly Spoilt[] {
  if (now === undefined || now.verb === 'blocked') return [stillDiffers(ask)];
  const open = now.fields.filter(counts).map(({ path }) => path);
  if (open.some((path) => ask.paths.includes(path))) return [stillDiffers(ask)];
  const before = new Set(ask.change.fields.filter(counts).map(({ path }) => path));
  const others = open.filter((path) => !before.has(path));
  const touched = others.filter(
    (path) => isStatedWith(ask, path) || !beside.some((one) => isStatedWith(one, path)),
  );
  if (touched.length === 0) return [];
  const hint = 'state them apart in the file, or put it back with an apply';
  return [{ ask, why: `the same lines state ${touched.join(' and ')}, which did not change`, hint }];
}

/** Whether one place of the entry states a field together with what the edit is about. */
function isStatedWith({ change, paths }: Ask, path: string): boolean {
  const origins = 'resource' in change ? (change.resource?.origins ?? {}) : {};
  const place = JSON.stringify(origins[path] ?? []);
  return paths.some((one) => JSON.stringify(origins[one] ?? []) === place);
}

function stillDiffers(ask: Ask): Spoilt {
  const what = ask.paths.join(' and ') || ask.change.address;
  return { ask, why: `${what} would still differ`, hint: writeByHand(ask.byHand) };
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
