import { describe, expect, test } from '@jest/globals';
import { splitReferences } from '../../src/config/references.ts';
import { Ref } from '../../src/core/value.ts';
import { configOf, loadText, mistakesIn } from './support.ts';

function config(notify: string, more = ''): string {
  return `version: 1\n${more}jobs:\n  etl:\n    notify: { on_failure: ${notify} }\n`;
}

async function recipientsOf(notify: string, more = '', env: Record<string, string> = {}): Promise<unknown> {
  const { sections } = await configOf(config(notify, more), { env });
  const notified = sections['jobs']?.['etl']?.['notify'];
  return notified && Object.entries(notified)[0]?.[1];
}

describe('splitReferences', () => {
  test.each([
    ['plain', [{ is: 'text', text: 'plain' }]],
    ['', []],
    ['${var.a}', [{ is: 'reference', name: 'var.a', offset: 0 }]],
    [
      'a ${ var.b } c',
      [
        { is: 'text', text: 'a ' },
        { is: 'reference', name: 'var.b', offset: 2 },
        { is: 'text', text: ' c' },
      ],
    ],
    ['$${a}', [{ is: 'text', text: '${a}' }]],
    [
      '$5 ${a}',
      [
        { is: 'text', text: '$5 ' },
        { is: 'reference', name: 'a', offset: 3 },
      ],
    ],
    ['$$${a}', [{ is: 'text', text: '$${a}' }]],
    [
      '${a}${b}',
      [
        { is: 'reference', name: 'a', offset: 0 },
        { is: 'reference', name: 'b', offset: 4 },
      ],
    ],
  ])('splits %j', (text, expected) => {
    expect(splitReferences(text)).toEqual(expected);
  });

  test.each(['${a', '${{ a }}', 'x ${a ${b}}'])('calls %j malformed', (text) => {
    expect(splitReferences(text).map(({ is }) => is)).toContain('malformed');
  });
});

describe('substitution', () => {
  test('puts variables into text', async () => {
    expect(
      await recipientsOf('["${var.team}-${var.n}@x.test"]', 'variables: { team: data, n: 7 }\n'),
    ).toEqual(['data-7@x.test']);
  });

  test('keeps a list where the reference is all there is', async () => {
    expect(await recipientsOf('"${var.all}"', 'variables: { all: [a@x.test, b@x.test] }\n')).toEqual([
      'a@x.test',
      'b@x.test',
    ]);
  });

  test('keeps the type of numbers and booleans', async () => {
    const text =
      'version: 1\nvariables: { limit: 60, strict: true }\njobs:\n  etl:\n    strict: ${var.strict}\n    health: { rules: [{ metric: RUN_DURATION_SECONDS, op: GREATER_THAN, value: "${var.limit}" }] }\n';
    const { sections } = await configOf(text);
    expect(sections['jobs']?.['etl']).toEqual({
      strict: true,
      health: { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 60 }] },
    });
  });

  test('lets variables use variables, the environment and references', async () => {
    const more =
      'variables: { a: "${var.b}", b: "x-${env.TEAM}@x.test", c: "${destinations.chat.id}" }\ndestinations: { chat: { existing: true } }\n';
    expect(await recipientsOf('["${var.a}", "${var.c}"]', more, { TEAM: 'core' })).toEqual([
      'x-core@x.test',
      new Ref('destination/chat'),
    ]);
  });

  test('knows the name of the target', async () => {
    expect(await recipientsOf('["${target.name}@x.test"]', 'targets: { dev: {} }\n')).toEqual(['dev@x.test']);
  });

  test('writes $${ as ${', async () => {
    expect(await recipientsOf('["$${var.a}@x.test"]')).toEqual(['${var.a}@x.test']);
  });

  test('accepts an environment variable that is set and empty', async () => {
    expect(await recipientsOf('["a${env.EMPTY}"]', '', { EMPTY: '' })).toEqual(['a']);
  });

  test('puts variables into the host of the target', async () => {
    const { target } = await configOf(
      'version: 1\nvariables: { cloud: azure }\ntargets: { dev: { host: "https://dev.${var.cloud}.test", profile: DEV } }\n',
    );
    expect(target).toEqual({ name: 'dev', host: 'https://dev.azure.test', profile: 'DEV' });
  });

  test('finds what a reference became where the reference stands', async () => {
    const { positionOf } = await configOf(config('"${var.all}"', 'variables:\n  all: [a, b]\n'));
    expect(positionOf(['jobs', 'etl', 'notify', 'on_failure', 1])).toMatchObject({ line: 6, column: 27 });
  });

  test.each([
    [
      'an undefined variable',
      '["${var.oncal}"]',
      'variables: { oncall: a }\n',
      ['5:29 undefined-variable: the variable "oncal" is not defined; did you mean "oncall"?'],
    ],
    [
      'a reference at its own column',
      '["to ${var.x}"]',
      '',
      ['4:32 undefined-variable: the variable "x" is not defined; nothing is declared there yet'],
    ],
    [
      'an unset environment variable',
      '["${env.TEM}"]',
      '',
      ['4:29 undefined-environment: the environment variable TEM is not set; did you mean "TEAM"?'],
    ],
    [
      'a key that inherits from objects',
      '["${env.constructor}"]',
      '',
      [
        '4:29 undefined-environment: the environment variable constructor is not set; in a workflow, pass it under `env:`',
      ],
    ],
    [
      'an unknown destination',
      '["${destinations.chta.id}"]',
      'destinations: { chat: { existing: true } }\n',
      ['5:29 undefined-destination: there is no destination "chta"; did you mean "chat"?'],
    ],
    [
      'another field of a destination',
      '["${destinations.chat.name}"]',
      '',
      [
        '4:29 bad-reference: ${destinations.chat.name} is not a reference that is known; only the id: ${destinations.KEY.id}',
      ],
    ],
    [
      'a reference within text',
      '["x ${destinations.chat.id}"]',
      'destinations: { chat: { existing: true } }\n',
      [
        '5:28 bad-reference: the id of a destination may not stand inside text; it can only be the whole value',
      ],
    ],
    [
      'a list within text',
      '["x ${var.l}"]',
      'variables: { l: [a] }\n',
      ['5:28 bad-reference: a list may not stand inside text; it can only be the whole value'],
    ],
    [
      'an unknown namespace',
      '["${secret.X}"]',
      '',
      [
        '4:29 bad-reference: ${secret.X} is not a reference that is known; did you mean "${secrets.X}"? allowed: ${var.NAME}, ${env.NAME}, ${secrets.NAME}, ${target.name}, ${destinations.KEY.id}',
      ],
    ],
    [
      'what bundles know',
      '["${bundle.target}"]',
      '',
      [
        '4:29 bad-reference: ${bundle.target} is not a reference that is known; allowed: ${var.NAME}, ${env.NAME}, ${secrets.NAME}, ${target.name}, ${destinations.KEY.id}',
      ],
    ],
    [
      'what workflows know',
      '["${{ secrets.X }}"]',
      '',
      [
        '4:29 bad-reference: this is not a complete reference; one pair of braces: ${secrets.NAME}; what GitHub calls ${{ }} is known in workflows only',
      ],
    ],
    [
      'a missing brace',
      '["${var.x"]',
      '',
      [
        '4:29 bad-reference: this is not a complete reference; a "}" is missing; a literal "${" is written "$${"',
      ],
    ],
    [
      'the target where there is none',
      '["${target.name}"]',
      '',
      [
        '4:29 undefined-variable: ${target.name} has no value, as there are no targets; declare one under `targets`',
      ],
    ],
    [
      'a circle',
      '["${var.a}"]',
      'variables: { a: "${var.b}", b: "${var.c}", c: "${var.a}" }\n',
      [
        '2:48 variable-cycle: variables refer to each other in a circle: a -> b -> c -> a; give one of them a value',
      ],
    ],
    [
      'a variable of itself',
      '["${var.a}"]',
      'variables: { a: "x${var.a}" }\n',
      ['2:19 variable-cycle: variables refer to each other in a circle: a -> a; give one of them a value'],
    ],
    [
      'a variable that is a mapping',
      '["${var.a}"]',
      'variables: { a: { b: c } }\n',
      [
        '2:14 wrong-value: variables.a must be text or a number or true or false or empty, or a list, but is a mapping with "b"; Text, a number, true or false, or a list of these',
      ],
    ],
  ])('reports %s', async (_title, notify, more, expected) => {
    expect(await mistakesIn(config(notify, more), { env: { TEAM: 'x' } })).toEqual(expected);
  });

  test('refuses the id of a destination where no recipient is named', async () => {
    const text =
      'version: 1\nsettings: { protect: ["${destinations.a.id}"] }\ndestinations: { a: { existing: true } }\njobs: { j: { name: "${destinations.a.id}" } }\n';
    expect(await mistakesIn(text)).toEqual([
      '2:23 bad-reference: settings.protect[0] may not be the id of a destination; it belongs into a list of recipients',
      '4:20 bad-reference: jobs.j.name may not be the id of a destination; it belongs into a list of recipients',
    ]);
  });

  test('checks variables that nothing uses, but not their environment', async () => {
    const mistakes = await mistakesIn('version: 1\nvariables: { one: "${env.NOPE}", two: "${var.else}" }\n');
    expect(mistakes).toEqual([
      '2:40 undefined-variable: the variable "else" is not defined; allowed: one, two',
    ]);
  });

  test('reports a broken variable once, where it is written', async () => {
    const mistakes = await mistakesIn(
      config('["${var.a}", "${var.a}"]', 'variables: { a: "${var.nope}" }\n'),
    );
    expect(mistakes).toHaveLength(1);
  });

  test('refuses text that doubles itself', async () => {
    const doubling = Array.from({ length: 60 }, (_, i) => `v${i + 1}: "\${var.v${i}}\${var.v${i}}"`);
    const { diagnostics } = await loadText(
      config('["${var.v60}"]', `variables: { v0: xxxxxxxx, ${doubling.join(', ')} }\n`),
    );
    expect(diagnostics.map(({ code }) => code)).toEqual(['too-large']);
  });

  test('refuses lists that are put in ever again', async () => {
    const many = Array.from({ length: 2000 }, () => '"${var.l}"').join(', ');
    const long = Array.from({ length: 2000 }, (_, i) => `a${i}`).join(', ');
    const { diagnostics } = await loadText(config(`[${many}]`, `variables: { l: [${long}] }\n`));
    expect(diagnostics.map(({ code }) => code)).toContain('too-large');
  });
});
