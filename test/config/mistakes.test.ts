import { describe, expect, test } from '@jest/globals';
import { loadText, mistakesIn } from './support.ts';

const HEAD = 'version: 1\n';

describe('loadConfig, given a mistake', () => {
  test.each([
    ['no version', 'name: a\n', ['1:1 missing-key: the file needs the key "version"; write `version: 1`']],
    ['another version', 'version: 2\n', ['1:10 wrong-value: version must be 1; for example 1']],
    ['a version as text', 'version: "1"\n', ['1:10 wrong-value: version must be 1; for example 1']],
    [
      'an unknown key',
      `${HEAD}destination: {}\n`,
      ['2:1 unknown-key: unknown key "destination"; did you mean "destinations"?'],
    ],
    [
      'a name with a slash',
      `${HEAD}name: a/b\n`,
      [
        '2:7 wrong-value: name has a form that is not allowed; Tells several configurations apart. At most 100 letters, digits, "-", "_" and ".", and no "-" or "." in front',
      ],
    ],
    [
      'a name of digits',
      `${HEAD}name: 2024\n`,
      ['2:7 wrong-type: name must be text, but is a whole number; for example "data-platform"'],
    ],
    [
      'an unknown key in an entry',
      `${HEAD}jobs:\n  etl:\n    notfy: {}\n`,
      ['4:5 unknown-key: unknown key "notfy" in jobs.etl; did you mean "notify"?'],
    ],
    [
      'an unknown event',
      `${HEAD}jobs:\n  etl:\n    notify: { on_failur: [] }\n`,
      ['4:15 unknown-key: unknown key "on_failur" in jobs.etl.notify; did you mean "on_failure"?'],
    ],
    [
      'a wrong choice',
      `${HEAD}jobs:\n  etl:\n    mode: exat\n`,
      ['4:11 wrong-value: jobs.etl.mode may not be "exat"; did you mean "exact"? allowed: exact, ensure'],
    ],
    [
      'yes for true',
      `${HEAD}jobs:\n  etl:\n    strict: yes\n`,
      [
        '4:13 wrong-type: jobs.etl.strict must be true or false, but is text; write true or false; to YAML this word is text',
      ],
    ],
    [
      'an entry without anything',
      `${HEAD}jobs:\n  etl:\n`,
      [
        '3:7 wrong-type: jobs.etl must be a mapping, but is empty; Notifications of one job, which somebody else may own. Only the fields named here are touched',
      ],
    ],
    [
      'text in place of a list',
      `${HEAD}jobs:\n  etl:\n    notify: { on_failure: a@x.test }\n`,
      [
        '4:27 wrong-type: jobs.etl.notify.on_failure must be a list, but is text; for example ["pagerduty","oncall@example.com"]',
      ],
    ],
    [
      'a missing key',
      `${HEAD}jobs:\n  etl:\n    health: {}\n`,
      ['4:5 missing-key: jobs.etl.health needs the key "rules"; At most one rule for each metric'],
    ],
    [
      'neither of two forms',
      `${HEAD}jobs:\n  etl:\n    webhook_notifications: { on_start: [7] }\n`,
      [
        '4:41 wrong-value: jobs.etl.webhook_notifications.on_start[0] must be text, or a mapping with "id", but is a whole number; a destination by its key, or {id: …} as in a bundle',
      ],
    ],
    [
      'one of two forms with a mistake in it',
      `${HEAD}jobs:\n  etl:\n    webhook_notifications: { on_start: [{ idd: a, id: b }] }\n`,
      [
        '4:43 unknown-key: unknown key "idd" in jobs.etl.webhook_notifications.on_start[0]; did you mean "id"?',
      ],
    ],
    [
      'a key that could be an e-mail address',
      `${HEAD}destinations:\n  a@x.test: { existing: true }\n`,
      [
        '3:3 bad-key: "a@x.test" cannot be a key in destinations; At most 200 characters, no "@", no spaces at the ends, no control characters',
      ],
    ],
    [
      'a list of entries',
      `${HEAD}jobs:\n  - name: etl\n`,
      ['2:1 wrong-type: jobs must be a mapping, but is a list; jobs, by a key of your choice'],
    ],
    [
      'a reference in a key',
      `${HEAD}variables: {a: x}\njobs:\n  "\${var.a}": {}\n`,
      ['4:3 bad-reference: a reference may not stand in a key; write the key out'],
    ],
  ])('reports %s', async (_title, text, expected) => {
    expect(await mistakesIn(text)).toEqual(expected);
  });

  test('reports mistakes of every stage at once, in the order of the file', async () => {
    const text = `version: 1
alerts: {}
settings: { prune: maybe }
destinations:
  chat: { slack: { url: "https://hooks.slack.test/T/B/x" } }
jobs:
  etl:
    notfy: {}
    notify: { on_failure: ["\${var.oncall}"] }
    mode: "\${secrets.MODE}"
`;
    const codes = (await loadText(text)).diagnostics.map(({ at, code }) => `${at?.line} ${code}`);
    expect(codes).toEqual([
      '2 not-supported-yet',
      '3 wrong-type',
      '5 plaintext-secret',
      '8 unknown-key',
      '9 undefined-variable',
      '10 secret-not-allowed',
    ]);
  });

  test('names the key of a section that a later version brings, inside targets too', async () => {
    const text = `${HEAD}targets: { dev: { monitors: { a: {} }, alerts: { b: {} } } }\nalerts: {}\n`;
    expect(await mistakesIn(text)).toEqual([
      '2:19 not-supported-yet: "targets.dev.monitors" is not supported yet by this version; leave it out for now',
      '2:40 not-supported-yet: "targets.dev.alerts" is not supported yet by this version; leave it out for now',
      '3:1 not-supported-yet: "alerts" is not supported yet by this version; leave it out for now',
    ]);
  });

  test('accepts sections with nothing in them', async () => {
    const { config, diagnostics } = await loadText(
      `${HEAD}jobs:\ndestinations:\nvariables:\ntargets:\nsettings:\ninclude:\n`,
    );
    expect(diagnostics).toEqual([]);
    expect(config?.sections).toMatchObject({ destinations: {}, jobs: {} });
  });

  test('copes with a thousand wrong entries', async () => {
    const entries = Array.from(
      { length: 1000 },
      (_, i) => `  j${i}: { webhook_notifications: { on_start: [7, {}] } }`,
    );
    const { diagnostics } = await loadText(`${HEAD}jobs:\n${entries.join('\n')}\n`);
    expect(diagnostics).toHaveLength(2000);
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(['wrong-value', 'missing-key']));
  });
});
