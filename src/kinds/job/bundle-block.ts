import type { BundleBlock, BundleValue } from '../../core/bundle.ts';
import { isList, type Spec, type Value } from '../../core/value.ts';
import { JOB_LEVEL, levelsOf, nestedLevel, splitPath, taskLevel, type Level } from './level.ts';

type Wanted = { readonly paths: readonly string[]; readonly target: Spec };

/** Events and flags one by one, as they shall be; a list of health rules whole, as it is pasted over another one. */
export function jobBundleBlock(paths: readonly string[], target: Spec): BundleBlock {
  const wanted = { paths, target };
  const keys = [...new Set(levelsOf(paths).map(({ task }) => task))].filter((task) => task !== '').sort();
  const tasks = keys.map((key) => taskBlock(key, wanted));
  return { ...levelBlock(JOB_LEVEL, wanted), ...(tasks.length === 0 ? {} : { tasks }) };
}

function taskBlock(key: string, wanted: Wanted): BundleBlock {
  const inside = levelBlock(nestedLevel(key), wanted);
  const outer = { task_key: key, ...levelBlock(taskLevel(key), wanted) };
  return Object.keys(inside).length === 0 ? outer : { ...outer, for_each_task: { task: inside } };
}

function levelBlock(level: Level, { paths, target }: Wanted): BundleBlock {
  const blocks: Record<string, Record<string, BundleValue>> = {};
  for (const path of [...paths].sort()) {
    const parts = splitPath(path);
    if (parts?.level.prefix !== level.prefix) continue;
    const { block, field } = parts;
    const value =
      block === 'health'
        ? { rules: rulesAt(level, target) }
        : { [field]: printed(block, target[path] ?? null) };
    blocks[block] = { ...blocks[block], ...value };
  }
  return blocks;
}

function printed(block: string, value: Value): BundleValue {
  if (!isList(value)) return value;
  const items = [...value].sort((a, b) => (String(a) < String(b) ? -1 : 1));
  return block === 'webhook_notifications' ? items.map((id) => ({ id })) : items;
}

function rulesAt({ prefix }: Level, target: Spec): readonly BundleValue[] {
  const start = `${prefix}health.`;
  return Object.entries(target)
    .filter(([path, value]) => path.startsWith(start) && value !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, value]) => ({
      metric: path.slice(start.length),
      op: 'GREATER_THAN',
      value: threshold(value),
    }));
}

/** One that a double cannot hold is text in a spec. */
function threshold(value: Value | undefined): BundleValue {
  return typeof value === 'string' && /^\d+$/u.test(value) ? BigInt(value) : Number(value);
}
