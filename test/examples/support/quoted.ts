import { writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { ROOT, textOf } from '../../architecture/source.ts';

const BLOCKS = /(?<=^```text\n)[\s\S]*?(?=^```$)/gm;

/**
 * Compares a ```text block of a page, the first one where `at` is left out, with what the tool prints; ACCEPT=1 (`npm run
 * accept`) writes it into the page instead, to be reviewed as product text.
 */
export function expectQuoted(page: string, text: string, at = 0): void {
  if (process.env['ACCEPT'] === '1') {
    let next = 0;
    writeFileSync(
      ROOT + page,
      textOf(page).replace(BLOCKS, (block) => (next++ === at ? text : block)),
    );
  }
  expect(textOf(page).match(BLOCKS)?.[at]).toBe(text);
}
