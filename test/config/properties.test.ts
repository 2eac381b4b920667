import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { hasErrors } from '../../src/core/diagnostic.ts';
import { splitReferences } from '../../src/config/references.ts';
import { loadText } from './support.ts';

const word = fc.constantFrom(
  'version',
  'name',
  'jobs',
  'destinations',
  'settings',
  'targets',
  'variables',
  'include',
  'rules',
  'a',
  'url',
  'slack',
  'notify',
  'on_failure',
  'webhook_notifications',
  'on_start',
  'id',
  'record',
  'limits',
  'allow',
  'default',
  'dev',
  '<<',
  '1',
  '',
  ' ',
  'constructor',
);
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '${var.a}',
    '${secrets.X}',
    '${env.Y}',
    '$${',
    '${',
    '${target.name}',
    '${destinations.a.id}',
    '*x',
    '&x',
    'https://u:p@x.test',
  ),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.bigInt()),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(word, fc.string()), tie('any'), { maxKeys: 4 }),
  ),
})).any;

describe('loadConfig', () => {
  test('answers any document with a configuration or an error, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(word, value, { maxKeys: 6 }), async (document) => {
        const { config, diagnostics } = await loadText(stringify({ version: 1, ...document }), {
          env: { X: 'x', Y: 'y' },
        });
        expect(config === undefined).toBe(hasErrors(diagnostics));
        expect(
          diagnostics.filter(
            ({ message, hint }) =>
              /undefined|\[object|NaN/.test(`${message} ${hint}`) &&
              !JSON.stringify(document).includes('undefined'),
          ),
        ).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('answers any text with an error or a configuration', async () => {
    const fragment = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '-',
      '?',
      '[',
      ']',
      '{',
      '}',
      ',',
      '&a',
      '*a',
      '!',
      '|',
      '>',
      '"',
      "'",
      '#',
      '%',
      '\t',
      '<<',
      '---',
      '...',
      'version: 1\n',
      '\uFEFF',
      '\r',
      '\0',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join('')),
        ),
        async (written) => {
          const { config, diagnostics } = await loadText(written);
          expect(config === undefined).toBe(hasErrors(diagnostics));
        },
      ),
      { numRuns: 400 },
    );
  });

  test('says the same about the same text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(word, value, { maxKeys: 6 }), async (document) => {
        const written = stringify(document);
        expect((await loadText(written)).diagnostics).toEqual((await loadText(written)).diagnostics);
      }),
      { numRuns: 50 },
    );
  });
});

describe('splitReferences', () => {
  test('leaves text without references as it is', () => {
    fc.assert(
      fc.property(
        fc.string().filter((written) => !written.includes('${')),
        (written) => {
          expect(splitReferences(written)).toEqual(written === '' ? [] : [{ is: 'text', text: written }]);
        },
      ),
    );
  });
});
