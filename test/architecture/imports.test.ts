import { describe, expect, test } from '@jest/globals';
import { checkImports, judgeImports, specifiersIn } from '../../script/check-imports.ts';
import { IMPORT_RULES } from '../../script/import-rules.ts';

describe('import rules', () => {
  test('hold for every file of src', () => {
    expect(checkImports()).toEqual([]);
  });

  test('give the reason with the import that breaks one', () => {
    const core = IMPORT_RULES.find(({ files }) => files.includes('src/core/*.ts'));
    const mistakes = judgeImports(
      'src/core/x.ts',
      "import axios from 'axios';\nimport { a } from './a.ts';\n",
      core,
    );
    expect(mistakes).toEqual([`src/core/x.ts: may not import 'axios': ${core?.reason}`]);
  });

  test('refuse a file that no rule names', () => {
    expect(judgeImports('src/misc/x.ts', '', undefined)).toHaveLength(1);
  });

  test.each([
    ["import { a } from 'a';", ['a']],
    ["import type {\n  A,\n  B,\n} from './b.ts';", ['./b.ts']],
    ["export { c } from './c.ts';", ['./c.ts']],
    ["import './d.ts';", ['./d.ts']],
    ["const e = await import('./e.ts');", ['./e.ts']],
    ['const text = "import x from \'not-one\'";', []],
  ])('sees the specifiers of %j', (text, expected) => {
    expect(specifiersIn(text)).toEqual(expected);
  });

  test('have a reason each', () => {
    for (const { reason } of IMPORT_RULES) expect(reason.length).toBeGreaterThan(30);
  });
});
