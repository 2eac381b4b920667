import { describe, expect, test } from '@jest/globals';
import { asSchema } from '../../src/config/schema-walk.ts';
import { settingsSchema } from '../../src/config/settings-schema.ts';
import { textOf } from '../architecture/source.ts';

describe('docs/settings.md', () => {
  test('has a row for every setting, with its default', () => {
    const page = textOf('docs/settings.md');
    for (const [key, schema] of Object.entries(asSchema(settingsSchema['properties']) ?? {})) {
      const row = new RegExp(`^\\| \`${key}\` +\\|([^|]*)\\|`, 'm').exec(page)?.[1]?.trim();
      const fallback = asSchema(schema)?.['default'];
      const shown = typeof fallback === 'string' ? fallback : JSON.stringify(fallback);
      expect([key, row]).toEqual([key, fallback === undefined ? '' : `\`${shown}\``]);
    }
  });
});
