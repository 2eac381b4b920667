import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parse } from '../../src/config/parse.ts';
import { merge } from '../../src/config/targets.ts';
import { toEntryValue, type Mapping } from '../../src/config/tree.ts';
import { listTargets } from '../../src/config/load.ts';
import { configOf, FILE, loadText, memoryReader, mistakesIn, shown } from './support.ts';

const TWO = 'version: 1\ntargets:\n  dev: {}\n  prod: {}\n';

function mapping(value: unknown): Mapping {
  const { tree, diagnostics } = parse(FILE, JSON.stringify(value));
  if (tree === undefined) throw new Error(shown(diagnostics).join());
  return tree;
}

function merged(base: unknown, over: unknown): unknown {
  return toEntryValue(merge(mapping(base), mapping(over)));
}

describe('the choice of a target', () => {
  test.each([
    ['none where there are none', 'version: 1\n', undefined, null],
    ['the only one', 'version: 1\ntargets: { dev: {} }\n', undefined, 'dev'],
    ['the one that is named', TWO, 'prod', 'prod'],
    ['the default', 'version: 1\ntargets: { dev: {}, prod: { default: true } }\n', undefined, 'prod'],
    [
      'the named one before the default',
      'version: 1\ntargets: { dev: {}, prod: { default: true } }\n',
      'dev',
      'dev',
    ],
    ['one without anything in it', 'version: 1\ntargets:\n  dev:\n', undefined, 'dev'],
  ])('takes %s', async (_title, text, target, expected) => {
    const config = await configOf(text, target === undefined ? {} : { target });
    expect(config.target.name).toBe(expected);
  });

  test.each([
    [
      'no choice',
      TWO,
      undefined,
      '2:1 target: there are several targets and none is the default; name one with --target (dev, prod), or give one `default: true`',
    ],
    ['an unknown target', TWO, 'prd', '3:3 target: there is no target "prd"; did you mean "prod"?'],
    [
      'a target where there are none',
      'version: 1\n',
      'dev',
      '1:1 target: there is no target "dev"; leave --target out, or declare it under `targets`',
    ],
    [
      'two defaults',
      'version: 1\ntargets:\n  dev: { default: true }\n  prod: { default: true }\n',
      'dev',
      '4:3 target: two targets are the default: "dev" in line 3 and "prod" in line 4; keep `default: true` at one of them',
    ],
  ])('reports %s', async (_title, text, target, expected) => {
    expect(await mistakesIn(text, target === undefined ? {} : { target })).toEqual([expected]);
  });

  test('lists all targets in the order of the file', async () => {
    expect(await listTargets(memoryReader({ [FILE]: 'targets: { prod: {}, dev: {} }' }), FILE)).toEqual({
      names: ['prod', 'dev'],
      diagnostics: [],
    });
    expect((await listTargets(memoryReader({}), FILE)).diagnostics).toMatchObject([
      { code: 'file-unreadable' },
    ]);
  });
});

describe('what a target lays over the file', () => {
  const text = `version: 1
variables: { oncall: all@x.test }
settings: { prune: false, limits: { max_deletes: 1 } }
targets:
  dev:
    default: true
    variables: { oncall: dev@x.test }
    settings: { limits: { max_changes: 7 } }
    jobs:
      etl:
        notify: { on_failure: [], on_start: null }
      report: null
      extra: { name: extra }
  prod: {}
jobs:
  etl:
    name: etl-pipeline
    notify: { on_failure: ["\${var.oncall}", b@x.test], on_start: [c@x.test] }
  report:
    notify: { on_failure: ["\${var.oncall}"] }
`;

  test('merges mappings, replaces lists, removes with null', async () => {
    const { sections, settings } = await configOf(text);
    expect(sections['jobs']).toEqual({
      etl: { name: 'etl-pipeline', notify: { on_failure: [] } },
      extra: { name: 'extra' },
    });
    expect(settings.limits).toEqual({ max_deletes: 1, max_delete_percent: 20, max_changes: 7, silenced: 0 });
  });

  test('leaves other targets out', async () => {
    const { sections } = await configOf(text, { target: 'prod' });
    expect(sections['jobs']).toEqual({
      etl: {
        name: 'etl-pipeline',
        notify: { on_failure: ['all@x.test', 'b@x.test'], on_start: ['c@x.test'] },
      },
      report: { notify: { on_failure: ['all@x.test'] } },
    });
  });

  test('is found where it is written', async () => {
    const { positionOf } = await configOf(text);
    const lines = [
      ['jobs', 'etl'],
      ['jobs', 'etl', 'name'],
      ['jobs', 'etl', 'notify', 'on_failure'],
      ['jobs', 'extra'],
    ].map((path) => positionOf(path).line);
    expect(lines).toEqual([16, 17, 11, 13]);
  });

  test('is checked in targets that this run is not about, once', async () => {
    const mistakes = await mistakesIn(
      'version: 1\ntargets:\n  dev: { default: true }\n  prod:\n    jobs: { etl: { mode: exat, name: "${env.ONLY_THERE}" } }\njobs: { etl: { strct: true } }\n',
    );
    expect(mistakes).toEqual([
      '5:26 wrong-value: jobs.etl.mode may not be "exat"; did you mean "exact"? allowed: exact, ensure',
      '6:16 unknown-key: unknown key "strct" in jobs.etl; did you mean "strict"?',
    ]);
  });

  test('may not hold what only the whole file has', async () => {
    const { diagnostics } = await loadText(
      'version: 1\ntargets: { dev: { name: x, include: [], version: 1 } }\n',
    );
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'unknown key "name" in targets.dev',
      'unknown key "include" in targets.dev',
      'unknown key "version" in targets.dev',
    ]);
  });
});

describe('merge', () => {
  test('drops a null that removes nothing', () => {
    expect(merged({ a: 1 }, { b: { c: null, d: 1 }, e: null })).toEqual({ a: 1, b: { d: 1 } });
  });

  const scalar = fc.oneof(fc.integer(), fc.string(), fc.boolean());
  /** The key tells what stands under it, so that no mapping meets a scalar. */
  const { node } = fc.letrec((tie) => ({
    node: fc.record(
      { s: scalar, t: scalar, l: fc.array(scalar, { maxLength: 3 }), m: tie('node'), n: tie('node') },
      { requiredKeys: [] },
    ),
  }));

  test('is associative where mappings meet mappings', () => {
    fc.assert(
      fc.property(node, node, node, (a, b, c) => {
        const left = merge(merge(mapping(a), mapping(b)), mapping(c));
        const right = merge(mapping(a), merge(mapping(b), mapping(c)));
        expect(toEntryValue(left)).toEqual(toEntryValue(right));
      }),
      { numRuns: 60 },
    );
  });

  test('changes nothing with itself, and with nothing', () => {
    fc.assert(
      fc.property(node, (a) => {
        expect(merged(a, a)).toEqual(a);
        expect(merged(a, {})).toEqual(a);
        expect(merged({}, a)).toEqual(a);
      }),
      { numRuns: 60 },
    );
  });
});
