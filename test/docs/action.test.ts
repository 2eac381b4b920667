import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { textOf } from '../architecture/source.ts';
import { firstCellsBelow } from './markdown.ts';

const ACTION = parse(textOf('action.yml')) as {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
};
const PAGE = textOf('docs/action.md');

describe('docs/action.md', () => {
  test('explains every input, and no other', () => {
    expect([...firstCellsBelow(PAGE, ['## Inputs'])].sort()).toEqual(Object.keys(ACTION.inputs).sort());
  });

  test('explains every output', () => {
    const outputs = PAGE.slice(PAGE.indexOf('## Outputs'), PAGE.indexOf('## The comment'));
    expect(Object.keys(ACTION.outputs).filter((name) => !outputs.includes(`\`${name}\``))).toEqual([]);
  });
});
