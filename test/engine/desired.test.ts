import { describe, expect, test } from '@jest/globals';
import { desire } from '../../src/engine/desired.ts';
import { KINDS } from '../../src/kinds/index.ts';
import { aSecret, declare } from '../support/builders.ts';

const slack = { slack: { url: aSecret('SLACK') } };

describe('desire', () => {
  test('makes a resource of every entry, with its address and place', () => {
    const { resources, diagnostics } = declare({
      destinations: { slack },
      jobs: { etl: { notify: { on_start: [] } } },
    });
    expect(resources.map(({ address, kind, key }) => [address, kind, key])).toEqual([
      ['destination/slack', 'destination', 'slack'],
      ['job/etl', 'job', 'etl'],
    ]);
    expect(diagnostics).toEqual([]);
  });

  test('tells findings where they were typed', () => {
    const positionOf = (path: readonly (string | number)[]) => ({ file: path.join('/'), line: 1, column: 1 });
    const entry = { notify: { on_failure: ['a@company.test', 'nobody'] } };
    const { diagnostics } = desire({ sections: { jobs: { etl: entry } }, positionOf }, KINDS);
    expect(diagnostics).toMatchObject([
      { code: 'unknown-destination', at: { file: 'jobs/etl/notify/on_failure/1' } },
    ]);
    expect(diagnostics[0]?.message).toContain('etl: ');
  });

  test.each<[string, Parameters<typeof declare>[0], number]>([
    [
      'two destinations of one name and type',
      { destinations: { a: { display_name: 'X', ...slack }, b: { display_name: 'X', ...slack } } },
      1,
    ],
    ['a name that is another’s key', { destinations: { X: slack, b: { display_name: 'X', ...slack } } }, 1],
    [
      'two of one name and different types',
      {
        destinations: {
          a: { display_name: 'X', ...slack },
          b: { display_name: 'X', email: { addresses: ['a@company.test'] } },
        },
      },
      0,
    ],
    ['two jobs of one name', { jobs: { a: { name: 'X' }, b: { name: 'X' } } }, 1],
    ['two jobs of one id', { jobs: { a: { id: '1' }, b: { id: 1 } } }, 1],
    ['a job and a destination of one name', { destinations: { X: slack }, jobs: { X: {} } }, 0],
    ['three of one name', { jobs: { a: { name: 'X' }, b: { name: 'X' }, X: {} } }, 2],
  ])('finds twins among %s', (_name, sections, count) => {
    expect(declare(sections).diagnostics.filter(({ code }) => code === 'same-object').length).toBe(count);
  });
});
