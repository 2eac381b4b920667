import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { FAIL_ON, MODES, readSettings } from '../../../src/app/action/settings.ts';
import type { ActionSettings } from '../../../src/app/action/settings.ts';
import { SettingsError } from '../../../src/core/errors.ts';
import { GUARDS } from '../../../src/core/guard.ts';
import { DIGEST } from '../../report/support/builders.ts';
import { anyText } from '../../support/any-text.ts';

type Inputs = Readonly<Record<string, string>>;
type Declared = { readonly description?: string; readonly default?: string; readonly required?: boolean };

const ACTION = parse(readFileSync(new URL('../../../action.yml', import.meta.url), 'utf8')) as {
  readonly inputs: Readonly<Record<string, Declared>>;
};

const read = (inputs: Inputs = {}): ActionSettings =>
  readSettings({ input: (name) => (Object.hasOwn(inputs, name) ? inputs[name]! : '') });

function problemOf(inputs: Inputs): string {
  try {
    read(inputs);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    expect(error).toMatchObject({ exitCode: 1, hint: 'action.yml describes every input' });
    return (error as Error).message.replace('the inputs of the action are wrong: ', '');
  }
  return 'nothing';
}

const DEFAULTS: ActionSettings = {
  mode: null,
  config: 'notifications.yml',
  targets: [],
  host: undefined,
  credentials: {},
  githubToken: '',
  comment: 'always',
  summary: true,
  approve: { by: 'check' },
  trustedAppId: null,
  allow: [],
  noRemovals: false,
  failOn: ['refusal'],
  workingDirectory: null,
  driftIssue: true,
  driftLabels: [],
  driftAssignees: [],
};

describe('what the inputs say', () => {
  test('is nothing where all of them are left out', () => {
    expect(read()).toEqual(DEFAULTS);
  });

  test('is the same for an empty text as for none', () => {
    const empty = Object.fromEntries(Object.keys(ACTION.inputs).map((name) => [name, '']));
    expect(read(empty)).toEqual(DEFAULTS);
  });

  test.each([
    ...MODES.map((mode) => [{ mode }, { mode }] as const),
    [{ config: 'teams/a.yml' }, { config: 'teams/a.yml' }],
    [{ host: 'https://x.test' }, { host: 'https://x.test' }],
    [{ 'github-token': 'ghs_1' }, { githubToken: 'ghs_1' }],
    [{ 'working-directory': 'infra' }, { workingDirectory: 'infra' }],
    [{ comment: 'true' }, { comment: 'always' }],
    [{ comment: 'TRUE' }, { comment: 'always' }],
    [{ comment: 'false' }, { comment: 'never' }],
    [{ comment: 'on-change' }, { comment: 'on-change' }],
    [{ summary: 'false' }, { summary: false }],
    [{ summary: 'True' }, { summary: true }],
    [{ 'no-removals': 'true' }, { noRemovals: true }],
    [{ 'no-removals': 'FALSE' }, { noRemovals: false }],
    [{ 'drift-issue': 'false' }, { driftIssue: false }],
    [{ 'drift-labels': 'drift, data\nops' }, { driftLabels: ['drift', 'data', 'ops'] }],
    [{ 'drift-assignees': 'octocat' }, { driftAssignees: ['octocat'] }],
    [{ approve: 'check' }, { approve: { by: 'check' } }],
    [{ approve: 'rules' }, { approve: { by: 'rules' } }],
    [{ approve: 'none' }, { approve: { by: 'none' } }],
    [{ approve: DIGEST }, { approve: { by: 'digest', digest: DIGEST } }],
    [{ 'trusted-app-id': '15368' }, { trustedAppId: 15_368 }],
    [{ allow: 'in_use' }, { allow: ['in_use'] }],
    [{ allow: ' protect ,max_deletes\n' }, { allow: ['max_deletes', 'protect'] }],
    [{ allow: GUARDS.join('\n') }, { allow: GUARDS }],
    [{ 'fail-on': 'lint, drift' }, { failOn: ['drift', 'lint'] }],
    [{ 'fail-on': FAIL_ON.join(',') }, { failOn: FAIL_ON }],
    [{ target: 'prod' }, { targets: ['prod'] }],
    [{ target: 'prod-eu, prod-us' }, { targets: ['prod-eu', 'prod-us'] }],
    [{ target: 'b\na\r\n  c  ' }, { targets: ['b', 'a', 'c'] }],
    [{ target: 'a,,a,\n,b' }, { targets: ['a', 'b'] }],
    [{ target: ' , ' }, { targets: [] }],
    [{ target: '*' }, { targets: '*' }],
    [{ target: 'prod, *' }, { targets: '*' }],
    [{ target: 'prod-*' }, { targets: ['prod-*'] }],
  ])('is read: %j', (inputs, expected) => {
    expect(read(inputs as Inputs)).toEqual({ ...DEFAULTS, ...expected });
  });

  test('goes before variables where it is about signing in', () => {
    const inputs = {
      token: 'dapi1',
      'client-id': 'abc',
      'client-secret': 's',
      'auth-type': 'oauth-m2m',
    };
    expect(read(inputs).credentials).toEqual({
      DATABRICKS_TOKEN: 'dapi1',
      DATABRICKS_CLIENT_ID: 'abc',
      DATABRICKS_CLIENT_SECRET: 's',
      DATABRICKS_AUTH_TYPE: 'oauth-m2m',
    });
    expect(read({ 'client-id': 'abc' }).credentials).toEqual({ DATABRICKS_CLIENT_ID: 'abc' });
  });
});

describe('a wrong input', () => {
  const allowedModes = 'allowed: validate, plan, apply, drift';
  const oneDigest = 'check, rules, none, or a digest as a plan shows it (sha256: and 64 letters and digits)';

  test.each([
    [{ mode: 'aply' }, 'mode is "aply": did you mean "apply"?'],
    [{ mode: 'Plan' }, 'mode is "Plan": did you mean "plan"?'],
    [{ mode: 'destroy' }, `mode is "destroy": ${allowedModes}`],
    [{ comment: 'on_change' }, 'comment is "on_change": did you mean "on-change"?'],
    [{ comment: 'never' }, 'comment is "never": allowed: true, false, on-change'],
    [{ summary: 'yes' }, 'summary is "yes": true or false'],
    [{ summary: '0' }, 'summary is "0": true or false'],
    [{ 'no-removals': 'tRUE' }, 'no-removals is "tRUE": true or false'],
    [{ 'drift-issue': 'on' }, 'drift-issue is "on": true or false'],
    [{ approve: 'everything' }, `approve is "everything": ${oneDigest}`],
    [{ approve: 'NONE' }, `approve is "NONE": ${oneDigest}`],
    [{ approve: DIGEST.slice(0, -1) }, `approve is "${DIGEST.slice(0, -1)}": ${oneDigest}`],
    [{ approve: DIGEST.toUpperCase() }, `approve is "${DIGEST.toUpperCase()}": ${oneDigest}`],
    [{ approve: `${DIGEST}, ${DIGEST}` }, `approve is "${DIGEST}, ${DIGEST}": ${oneDigest}`],
    [
      { 'trusted-app-id': 'github-actions' },
      'trusted-app-id is "github-actions": the number of a GitHub App',
    ],
    [{ 'trusted-app-id': '0' }, 'trusted-app-id is "0": the number of a GitHub App'],
    [{ 'trusted-app-id': '1e3' }, 'trusted-app-id is "1e3": the number of a GitHub App'],
    [{ allow: 'max_delete' }, 'allow is "max_delete": "max_delete": did you mean "max_deletes"?'],
    [
      { 'fail-on': 'refusals, lint, drfit' },
      'fail-on is "refusals, lint, drfit": "refusals": did you mean "refusal"?, "drfit": did you mean "drift"?',
    ],
    [{ 'fail-on': 'x' }, 'fail-on is "x": "x": allowed: refusal, drift, blocked, pending, lint'],
  ])('is told with what would be right: %j', (inputs, problem) => {
    expect(problemOf(inputs as Inputs)).toBe(problem);
  });

  test('is told together with all the others, and good ones are not', () => {
    const inputs = {
      mode: 'aply',
      summary: 'yes',
      approve: 'me',
      allow: 'all',
      target: 'prod',
      comment: 'true',
    };
    expect(
      problemOf(inputs)
        .split('; ')
        .map((problem) => problem.split(' ', 1)[0]),
    ).toEqual(['mode', 'summary', 'approve', 'allow']);
  });

  test('is never a secret', () => {
    const secret = 'dapi-1234';
    const secrets = ['token', 'client-id', 'client-secret', 'auth-type', 'github-token'];
    const inputs = { mode: 'aply', ...Object.fromEntries(secrets.map((name) => [name, secret])) };
    expect(problemOf(inputs)).not.toContain(secret);
  });

  test('is told whatever it is, and never breaks anything else', () => {
    const names = Object.keys(ACTION.inputs);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), anyText()), (inputs) => {
        const problem = problemOf(inputs);
        for (const [name, text] of Object.entries(inputs))
          if (problem.includes(`${name} is "`)) expect(problem).toContain(`${name} is "${text}": `);
      }),
    );
  });
});

const AUTH_TYPES = [
  'pat',
  'oauth-m2m',
  'databricks-cli',
  'github-oidc',
  'env-oidc',
  'file-oidc',
  'azure-msi',
  'azure-client-secret',
  'azure-cli',
];

describe('action.yml', () => {
  test('declares exactly the inputs that are read', () => {
    const asked = new Set<string>();
    readSettings({
      input: (name) => {
        asked.add(name);
        return '';
      },
    });
    expect(asked).toEqual(new Set(Object.keys(ACTION.inputs)));
  });

  test('has no default but the token, which would hide what somebody set, and requires nothing', () => {
    const defaults = Object.entries(ACTION.inputs).filter(([, input]) => input.default !== undefined);
    expect(defaults).toEqual([['github-token', expect.objectContaining({ default: '${{ github.token }}' })]]);
    expect(Object.values(ACTION.inputs).filter(({ required }) => required === true)).toEqual([]);
  });

  test('describes every input, with every word that it takes', () => {
    for (const { description } of Object.values(ACTION.inputs)) expect(description).toMatch(/\w/u);
    const words: Readonly<Record<string, readonly string[]>> = {
      mode: MODES,
      'fail-on': FAIL_ON,
      comment: ['true', 'false', 'on-change'],
      approve: ['check', 'rules', 'none', 'sha256:…'],
      'auth-type': AUTH_TYPES,
      target: ['*'],
    };
    for (const [name, all] of Object.entries(words))
      for (const word of all) expect(ACTION.inputs[name]?.description).toContain(`\`${word}\``);
  });
});
