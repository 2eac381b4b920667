import { describe, expect, test } from '@jest/globals';
import { shaOf } from '../../github/fake.ts';
import { type ActionBench } from '../../support/action.ts';
import {
  CHECK,
  TWO_TARGETS,
  applySquash,
  land,
  namesIn,
  openEtl,
  planAgain,
  said,
  shown,
  visible,
} from './support/journeys.ts';

const BOTH = { target: '*' };
const FIRST = { number: 1, commit: 'first' };

describe('several targets in one job', () => {
  test.each(['*', 'dev, prod', 'prod\ndev\nprod'])(
    '(%j) get one comment, and a check each',
    async (target) => {
      const bench = await openEtl(TWO_TARGETS);
      const { code, outputs } = await bench.openPull(1, 'first', { target });
      expect([code, outputs['create'], outputs['pending']]).toEqual([0, '2', '2']);
      expect(outputs['digest']?.split('\n').sort()).toEqual([
        expect.stringMatching(/^dev sha256:/u),
        expect.stringMatching(/^prod sha256:/u),
      ]);
      expect([...checkNames(bench)].sort()).toEqual([`${CHECK}/dev`, `${CHECK}/prod`]);
      for (const text of ['2 changes in 2 workspaces', 'leads dev', 'leads prod'])
        expect(shown(bench)).toContain(text);
    },
  );

  test('are applied in one job, and the comment says of each how it went', async () => {
    const bench = await openEtl(TWO_TARGETS);
    await bench.openPull(1, 'first', BOTH);
    const { code, outputs } = await bench.mergePull(1, BOTH);
    expect([code, outputs['changed'], namesIn(bench)]).toEqual([0, 'true', ['leads dev', 'leads prod']]);
    expect(statuses(bench)).toEqual(['✅ dev', '✅ prod']);
  });

  test('do not stop one another', async () => {
    const bench = await openEtl(TWO_TARGETS);
    await bench.openPull(1, 'first', BOTH);
    land(bench, 1);
    await bench.write(TWO_TARGETS.replace('dev: {}', 'dev: { host: "https://elsewhere.databricks.com" }'));
    const { code, log } = await applySquash(bench, 1, BOTH);
    expect([code, namesIn(bench), log.includes('elsewhere')]).toEqual([1, ['leads prod'], true]);
    expect(statuses(bench)).toEqual(['⛔ dev', '✅ prod']);
  });

  test('whose approval lacks one of them apply the other', async () => {
    const bench = await openEtl(TWO_TARGETS);
    await bench.openPull(1, 'first', { target: 'prod' });
    const { code } = await bench.mergePull(1, BOTH);
    expect([code, namesIn(bench)]).toEqual([5, ['leads prod']]);
  });

  test('one of which there is not are an error that names it, and the other is planned', async () => {
    const bench = await openEtl(TWO_TARGETS);
    const planned = await bench.openPull(1, 'first', { target: 'dev, prd' });
    expect([planned.code, planned.outputs['create']]).toEqual([1, '1']);
    expect(said(planned, 'error')).toContain('there is no target "prd"');
    expect(said(planned, 'error')).toContain('prod');
    expect(bench.github.checks().map(({ name, conclusion }) => [name, conclusion])).toEqual([
      [`${CHECK}/dev`, 'success'],
      [`${CHECK}/prd`, 'failure'],
    ]);
  });
});

describe('a matrix of one target each', () => {
  test('gets a comment and a check each, and each apply writes into its own', async () => {
    const bench = await openEtl(TWO_TARGETS);
    await bench.openPull(1, 'first', { target: 'dev' });
    await planAgain(bench, FIRST, { target: 'prod' });
    expect(visible(bench).map(({ body }) => /leads \w+/u.exec(body)?.[0])).toEqual([
      'leads dev',
      'leads prod',
    ]);
    expect(checkNames(bench)).toEqual([`${CHECK}/dev`, `${CHECK}/prod`]);
    land(bench, 1);
    await applySquash(bench, 1, { target: 'prod' });
    expect(statuses(bench)).toEqual(['✅ prod']);
    await applySquash(bench, 1, { target: 'dev' });
    expect(statuses(bench)).toEqual(['✅ dev', '✅ prod']);
  });

  test.each([
    ['dev', 'prod'],
    ['prod', 'dev'],
  ])('of applies fills both places of one comment (%s, then %s)', async (one, other) => {
    const bench = await openEtl(TWO_TARGETS);
    await bench.openPull(1, 'first', BOTH);
    land(bench, 1);
    await applySquash(bench, 1, { target: one });
    await applySquash(bench, 1, { target: other });
    expect(statuses(bench)).toEqual(['✅ dev', '✅ prod']);
  });

  test('of applies does so when one writes over what another has just written', async () => {
    const bench = await openEtl(TWO_TARGETS);
    await bench.openPull(1, 'first', BOTH);
    land(bench, 1);
    const [{ id, body } = { id: 0, body: '' }] = bench.github.comments(1);
    await applySquash(bench, 1, { target: 'dev' });
    const withDev = shown(bench);
    bench.github.editComment(id, body);
    // The job of dev read before us and writes after us, both times.
    for (let round = 0; round < 2; round += 1) {
      bench.github.falsify('PATCH', /\/issues\/comments\//u, (answer: never) => {
        bench.github.editComment(id, withDev);
        return answer;
      });
    }
    await applySquash(bench, 1, { target: 'prod' });
    expect(statuses(bench)).toEqual(['✅ dev', '✅ prod']);
  });
});

describe('another layout', () => {
  test('folds the comments of the one before away, and deletes none', async () => {
    const bench = await openEtl(TWO_TARGETS);
    await bench.openPull(1, 'first', { target: 'dev' });
    await planAgain(bench, FIRST, { target: 'prod' });
    await planAgain(bench, FIRST, BOTH);
    expect(bench.github.comments(1).map(({ minimizedReason }) => minimizedReason)).toEqual([
      'outdated',
      'outdated',
      null,
    ]);
    await planAgain(bench, FIRST, { target: 'dev' });
    await planAgain(bench, FIRST, { target: 'prod' });
    expect(bench.github.comments(1).map(({ isMinimized }) => isMinimized)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(bench.github.requests.some(({ method }) => method === 'DELETE')).toBe(false);
  });

  test('of a configuration that gets targets goes on in the same comment', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    await bench.write(TWO_TARGETS);
    await bench.pushToPull(1, 'second', BOTH);
    expect(bench.github.comments(1)).toHaveLength(1);
    expect(shown(bench)).toContain('leads prod');
  });

  test('of another configuration in the same pull request has a comment and a check of its own', async () => {
    const bench = await openEtl();
    await bench.openPull(1, 'first');
    await bench.write('version: 1\nname: data-science\n', 'science.yml');
    await planAgain(bench, FIRST, { config: 'science.yml' });
    expect([visible(bench).length, checkNames(bench)]).toEqual([2, [CHECK, 'lakebell/data-science']]);
  });
});

function checkNames({ github }: ActionBench): readonly string[] {
  return github.checks(shaOf('first')).map(({ name }) => name);
}

/** What the comments say of each target that was applied, as `icon target`. */
function statuses(bench: ActionBench): readonly string[] {
  const text = visible(bench)
    .map(({ body }) => body)
    .join('\n');
  const slots = [...text.matchAll(/^<!-- lakebell:status "(\w+)" -->\n\n(\S+) /gmu)];
  return slots
    .map(([, target, icon]) => `${icon} ${target}`)
    .sort((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1));
}
