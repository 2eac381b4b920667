import { describe, expect, test } from '@jest/globals';
import { judgeMoved } from '../../src/config/moved.ts';
import { judgeRemoved } from '../../src/config/removed.ts';
import { desire } from '../../src/engine/desired.ts';
import { KINDS, SECTIONS } from '../../src/kinds/index.ts';
import { configOf, loadText, memoryReader, mistakesIn, shown } from './support.ts';
import { loadConfig } from '../../src/config/load.ts';

const FILE = `version: 1
destinations:
  chat: { email: { addresses: [a@company.test] } }
  mail: { email: { addresses: [b@company.test] } }
jobs:
  etl: { id: 7, notify: { on_failure: [chat] } }
`;

/** What is wrong with addresses of a file that is right otherwise. */
async function wrongIn(lines: string): Promise<readonly string[]> {
  const { draft, diagnostics } = await loadText(`${FILE}${lines}`);
  if (draft === undefined || diagnostics.length > 0) throw new Error(shown(diagnostics).join('\n'));
  const { removed, moved, positionOf } = draft;
  const { resources } = desire(draft, KINDS);
  const declared = { resources, kinds: KINDS.map(({ name }) => name), positionOf };
  return shown([...judgeRemoved(removed, declared), ...judgeMoved({ ...declared, removed, moved })]);
}

describe('removed', () => {
  test('is read as it stands, and nothing where there is none', async () => {
    const config = await configOf(`${FILE}removed: [destination/old, job/581234, "job/my job"]\n`);
    expect(config.removed).toEqual(['destination/old', 'job/581234', 'job/my job']);
    expect((await configOf(FILE)).removed).toEqual([]);
    expect((await configOf(`${FILE}removed:\n`)).removed).toEqual([]);
  });

  test.each([
    [
      'a section in place of a kind',
      'removed: [destinations/old]',
      '7:11 unknown-kind: "destinations/old" begins with no kind of this version; did you mean "destination"?',
    ],
    [
      'what is declared by its key',
      'removed: [job/etl]',
      '7:11 removed: job/etl is under `removed` (notifications.yml:7) and still declared (notifications.yml:6); keep one of them: `removed` is for what the file no longer declares',
    ],
    [
      'what is declared by its id',
      'removed:\n  - destination/old\n  - job/7',
      '9:5 removed: job/7 is under `removed` (notifications.yml:9) and still declared (notifications.yml:6); keep one of them: `removed` is for what the file no longer declares',
    ],
  ])('refuses %s', async (_what, lines, expected) => {
    expect(await wrongIn(lines)).toEqual([expected]);
  });

  test.each([
    [
      'a key without its kind',
      'removed: [old]',
      '7:11 wrong-value: removed[0] has a form that is not allowed; kind/key, or for a job or a pipeline kind/id',
    ],
    [
      'one address twice',
      'removed: [job/a, job/a]',
      '7:1 wrong-value: removed holds the same item twice; keep one of them',
    ],
    [
      'text in place of a list',
      'removed: job/a',
      '7:10 wrong-type: removed must be a list, but is text; for example ["destination/old-slack"]',
    ],
    [
      'a secret',
      'removed: ["job/${secrets.A}"]',
      expect.stringContaining('7:11 secret-not-allowed: removed[0] can be read by anybody'),
    ],
  ])('of another form is refused: %s', async (_what, lines, expected) => {
    expect(await mistakesIn(`${FILE}${lines}\n`, { env: { A: 'a' } })).toEqual([expected]);
  });

  test('may stand in an included file, and in one of them only', async () => {
    const files = {
      'notifications.yml': `${FILE}removed: [job/a]\ninclude: [teams.yml]\n`,
      'teams.yml': 'removed: [job/b]\n',
    };
    const reader = memoryReader(files, { 'teams.yml': ['teams.yml'] });
    const given = { reader, file: 'notifications.yml', target: undefined, env: {}, kinds: SECTIONS };
    expect(shown((await loadConfig(given)).diagnostics)).toEqual([
      '1:1 duplicate-key: "removed" stands twice: notifications.yml:7 and teams.yml:1; keep one of them',
    ]);
    const alone = memoryReader(
      { ...files, 'notifications.yml': `${FILE}include: [teams.yml]\n` },
      { 'teams.yml': ['teams.yml'] },
    );
    expect((await loadConfig({ ...given, reader: alone })).config?.removed).toEqual(['job/b']);
  });

  test('of a target takes the place of the list of the file', async () => {
    const text = `${FILE}removed: [job/a]\nvariables: { gone: b }\ntargets: { dev: { removed: ["job/\${var.gone}"] }, prod: {} }\n`;
    expect((await configOf(text, { target: 'dev' })).removed).toEqual(['job/b']);
    expect((await configOf(text, { target: 'prod' })).removed).toEqual(['job/a']);
  });
});

describe('moved', () => {
  test('is read as it stands', async () => {
    const config = await configOf(`${FILE}moved: [{ from: destination/slack, to: destination/chat }]\n`);
    expect(config.moved).toEqual([{ from: 'destination/slack', to: 'destination/chat' }]);
    expect((await configOf(FILE)).moved).toEqual([]);
  });

  test.each([
    [
      'no kind',
      '[{ from: slack/a, to: destination/chat }]',
      '7:11 unknown-kind: "slack/a" begins with no kind of this version; allowed: destination, job, pipeline, registry_webhook',
    ],
    [
      'another kind',
      '[{ from: job/chat, to: destination/chat }]',
      '7:27 moved: job/chat cannot become destination/chat: a move changes the key, and not the kind; for example `to: job/chat`',
    ],
    [
      'the same key',
      '[{ from: destination/chat, to: destination/chat }]',
      '7:35 moved: destination/chat is moved to itself; name the new key under `to`, or take the move out',
    ],
    [
      'an old key that is still declared',
      '[{ from: destination/mail, to: destination/chat }]',
      '7:11 moved: destination/mail is moved (notifications.yml:7) and still declared (notifications.yml:4); rename the entry, or take the move out',
    ],
    [
      'a new key that is not declared',
      '[{ from: destination/slack, to: destination/chatt }]',
      '7:36 moved: destination/chatt is not declared, so nothing can be moved there; did you mean "destination/chat"?',
    ],
  ])('refuses %s', async (_what, moves, expected) => {
    expect(await wrongIn(`moved: ${moves}`)).toEqual([expected]);
  });

  test('refuses one key twice, on either side, and names both lines', async () => {
    const moves = `moved:
  - { from: destination/a, to: destination/chat }
  - { from: destination/a, to: destination/mail }
  - { from: destination/b, to: destination/chat }
`;
    expect(await wrongIn(moves)).toEqual([
      '9:7 moved: destination/a is moved twice: notifications.yml:8 and notifications.yml:9; keep one of them',
      '10:28 moved: destination/chat is moved twice: notifications.yml:8 and notifications.yml:10; keep one of them',
    ]);
  });

  test('refuses a chain and a circle', async () => {
    const chain = `moved:
  - { from: destination/a, to: destination/b }
  - { from: destination/b, to: destination/chat }
`;
    expect(await wrongIn(chain)).toEqual([
      '8:28 moved: destination/b is moved on (notifications.yml:9), so these moves are a chain; name the first and the last key in one move',
    ]);
    const circle = `moved:
  - { from: destination/chat, to: destination/mail }
  - { from: destination/mail, to: destination/chat }
`;
    expect(await wrongIn(circle)).toEqual([
      expect.stringContaining('8:31 moved: destination/mail is moved on (notifications.yml:9)'),
      expect.stringContaining('9:31 moved: destination/chat is moved on (notifications.yml:8)'),
    ]);
  });

  test('refuses what is under `removed` as well', async () => {
    expect(await wrongIn('removed: [job/a]\nmoved: [{ from: job/a, to: job/etl }]\n')).toEqual([
      '8:11 moved: job/a is moved (notifications.yml:8) and under `removed` (notifications.yml:7); keep one of them',
    ]);
  });
});
