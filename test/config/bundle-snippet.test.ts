import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { type SnippetParts, bundleSnippet } from '../../src/config/bundle-snippet.ts';
import type { BundleBlock } from '../../src/core/bundle.ts';
import { IdRef, Ref } from '../../src/core/value.ts';
import { UUID_A, UUID_B } from '../support/builders.ts';

function snippet(block: BundleBlock, parts: Partial<SnippetParts> = {}): string {
  const who = {
    idOf: ({ to }: Ref) => (to === 'destination/team-slack' ? UUID_A : undefined),
    nameOf: () => undefined,
  };
  return bundleSnippet({ section: 'jobs', key: 'etl', name: 'etl-pipeline', block, who, ...parts });
}

const slack = new Ref('destination/team-slack');

describe('bundleSnippet', () => {
  test('is what stands in a bundle, with our keys as comments', () => {
    const block = {
      email_notifications: { on_failure: ['oncall@company.test'], on_start: [] },
      webhook_notifications: { on_failure: [{ id: slack }] },
      tasks: [{ task_key: 'load', notification_settings: { alert_on_last_attempt: true } }],
    };
    expect(snippet(block)).toBe(`resources:
  jobs:
    etl:
      email_notifications:
        on_failure:
          - oncall@company.test
        on_start: []
      webhook_notifications:
        on_failure:
          - id: ${UUID_A} # team-slack
      tasks:
        - task_key: load
          notification_settings:
            alert_on_last_attempt: true
`);
  });

  test.each([
    ['etl-pipeline', 'etl_pipeline'],
    ['[dev sp] Étl: nightly', 'dev_sp_tl_nightly'],
    ['a: b\n  c', 'a_b_c'],
    ['データ', 'KEY'],
    ['', 'KEY'],
  ])('makes a key of the name %j where the bundle tells none, and says so', (name, key) => {
    const text = snippet({ health: { rules: [] } }, { key: null, name });
    expect(text).toContain('# the key that it has in the bundle is not known: put that here\n');
    expect(parse(text)).toEqual({ resources: { jobs: { [key]: { health: { rules: [] } } } } });
  });

  test('says of a destination that it does not exist yet', () => {
    const text = snippet({ webhook_notifications: { on_failure: [{ id: new Ref('destination/new') }] } });
    expect(text).toContain('- id: <id of destination/new> # it does not exist yet: apply, then plan again\n');
  });

  test.each([
    ['On-call of Platform', ' # On-call of Platform'],
    ['データ チーム', ' # データ チーム'],
    ['a\nb: c', ''],
    ['# x', ''],
    ['`whoami`', ''],
    ['a\u202Eb', ''],
    ['x'.repeat(100), ''],
  ])('names a destination of somebody else’s, %j, only where it cannot be misread', (name, comment) => {
    const block = { on_failure: [{ id: new IdRef('destination', UUID_B) }] };
    const who = { idOf: () => undefined, nameOf: () => name };
    expect(snippet(block, { who }).split('\n')[4]).toBe(`        - id: ${UUID_B}${comment}`);
  });

  test.each([
    'a: b',
    '# c',
    '- d',
    'x\ny',
    '*e',
    '{f',
    '\u001B[31m',
    'yes',
    '1',
    'null',
    '',
    ' g ',
    '"',
    "'",
    '\u2028',
  ])('keeps a stranger’s text %j one text', (text) => {
    const block = { email_notifications: { [text]: [text] } };
    const written = snippet(block, { key: text });
    expect(parse(written)).toEqual({ resources: { jobs: { [text]: block } } });
  });

  test('keeps a threshold that a double cannot hold', () => {
    expect(snippet({ health: { rules: [{ value: 9007199254740993n }] } })).toContain(
      'value: 9007199254740993\n',
    );
  });
});
