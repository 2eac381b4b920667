import { writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { ROOT, textOf } from '../../architecture/source.ts';

const BLOCK = /(?<=^```text\n)[\s\S]*?(?=^```$)/m;

/**
 * Compares the first ```text block of a page with what the tool prints; ACCEPT=1 (`npm run accept`) writes it into the
 * page instead, to be reviewed as product text.
 */
export function expectQuoted(page: string, text: string): void {
  if (process.env['ACCEPT'] === '1')
    writeFileSync(
      ROOT + page,
      textOf(page).replace(BLOCK, () => text),
    );
  expect(BLOCK.exec(textOf(page))?.[0]).toBe(text);
}
