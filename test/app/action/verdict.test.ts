import { describe, expect, test } from '@jest/globals';
import type { Part } from '../../../src/app/action/part.ts';
import { FAIL_ON, type FailOn, MODES, type Mode } from '../../../src/app/action/settings.ts';
import { codeOf, isRed, objections, pendingOf } from '../../../src/app/action/verdict.ts';
import type { OutcomeState, PlanDocument } from '../../../src/core/document.ts';
import { EXIT, type ExitCode } from '../../../src/core/errors.ts';
import type { Content } from '../../../src/report/review.ts';
import { aChange, aDiagnostic, aField, aPlan, anOutcome } from '../../report/support/builders.ts';

const partOf = (content: Content, code: ExitCode = EXIT.done): Part => ({
  naming: { config: 'data-platform', target: 'prod' },
  content,
  code,
});
const planned = (document: PlanDocument, code: ExitCode = EXIT.done): Part =>
  partOf({ is: 'plan', document }, code);
const applied = (document: PlanDocument, states: readonly OutcomeState[], code: ExitCode = EXIT.done): Part =>
  partOf(
    { is: 'outcome', document: { ...document, outcomes: states.map((state) => anOutcome({ state })) } },
    code,
  );

const failure = {
  message: 'no',
  hint: null,
  diagnostics: [aDiagnostic(), aDiagnostic({ severity: 'warning' })],
};
const warning = aDiagnostic({ severity: 'warning' });
const blocked = aChange({ verb: 'blocked', blocked: { reason: 'missing', message: 'gone', hint: null } });
const drifted = aChange({ fields: [aField({ drifted: true })] });
const refusal = { guard: 'max_deletes', message: '7 objects', allow: 'max_deletes' };

const NOTHING = aPlan();
const FULL = aPlan({
  changes: [drifted, aChange(), blocked],
  diagnostics: [warning, aDiagnostic({ severity: 'note' })],
});

const codeWith = (mode: Mode, failOn: readonly FailOn[], ...parts: readonly Part[]): ExitCode =>
  codeOf({ mode, failOn }, parts);

describe('what fail-on objects to', () => {
  type Found = { readonly code: ExitCode; readonly why: string } | null;
  const found: readonly (readonly [FailOn, Mode, Part, Found])[] = [
    ['refusal', 'plan', planned(FULL), null],
    ['drift', 'plan', planned(FULL), { code: EXIT.pending, why: 'fail-on: drift (1)' }],
    ['drift', 'drift', planned(FULL), { code: EXIT.pending, why: 'fail-on: drift (1)' }],
    ['drift', 'drift', planned(NOTHING), null],
    ['blocked', 'plan', planned(FULL), { code: EXIT.refused, why: 'fail-on: blocked (1)' }],
    ['blocked', 'apply', applied(FULL, ['done']), { code: EXIT.refused, why: 'fail-on: blocked (1)' }],
    ['blocked', 'plan', planned(NOTHING), null],
    ['blocked', 'apply', applied(NOTHING, ['blocked']), { code: EXIT.refused, why: 'fail-on: blocked (1)' }],
    ['pending', 'plan', planned(FULL), { code: EXIT.pending, why: 'fail-on: pending (2)' }],
    ['pending', 'drift', planned(FULL), { code: EXIT.pending, why: 'fail-on: pending (2)' }],
    ['pending', 'plan', planned(aPlan({ changes: [blocked] })), null],
    ['pending', 'apply', applied(FULL, ['done', 'already']), null],
    [
      'pending',
      'apply',
      applied(FULL, ['done', 'held-back', 'failed']),
      { code: EXIT.pending, why: 'fail-on: pending (2)' },
    ],
    [
      'pending',
      'apply',
      partOf({ is: 'stopped', document: FULL, failure }),
      { code: EXIT.pending, why: 'fail-on: pending (2)' },
    ],
    ['pending', 'plan', partOf({ is: 'failure', failure }), null],
    ['lint', 'plan', planned(FULL), { code: EXIT.config, why: 'fail-on: lint (1)' }],
    [
      'lint',
      'validate',
      partOf({ is: 'checked', why: 'w', diagnostics: [warning, warning] }),
      { code: EXIT.config, why: 'fail-on: lint (2)' },
    ],
    ['lint', 'plan', partOf({ is: 'failure', failure }), { code: EXIT.config, why: 'fail-on: lint (1)' }],
    [
      'lint',
      'apply',
      partOf({ is: 'stopped', document: FULL, failure }),
      { code: EXIT.config, why: 'fail-on: lint (2)' },
    ],
    ['lint', 'plan', planned(NOTHING), null],
  ];

  test.each(found)('%s in the mode %s, %#', (what, mode, part, objection) => {
    expect(codeWith(mode, [what], part)).toBe(objection?.code ?? EXIT.done);
    expect(isRed({ mode, failOn: [what] }, part)).toBe(objection !== null);
    expect(objections({ mode, failOn: [what] }, part)).toEqual(objection === null ? [] : [objection]);
  });

  test('is nothing that nobody asked for', () => {
    for (const mode of MODES) {
      expect(codeWith(mode, [], planned(FULL))).toBe(EXIT.done);
      expect(objections({ mode, failOn: [] }, planned(FULL))).toEqual([]);
    }
  });

  test('is each of several things, and the worst of them is the code', () => {
    const { length } = objections({ mode: 'plan', failOn: FAIL_ON }, planned(FULL));
    expect(length).toBe(4);
    expect(codeWith('plan', FAIL_ON, planned(FULL))).toBe(EXIT.config);
    expect(codeWith('plan', ['pending', 'blocked'], planned(FULL))).toBe(EXIT.refused);
    expect(codeWith('plan', ['drift', 'pending'], planned(FULL))).toBe(EXIT.pending);
  });
});

describe('a refusal', () => {
  const refused = planned(aPlan({ refusals: [refusal] }), EXIT.refused);

  test.each([
    ['plan', ['refusal'], EXIT.refused],
    ['plan', [], EXIT.done],
    ['plan', ['lint', 'drift', 'blocked', 'pending'], EXIT.done],
    ['drift', ['refusal'], EXIT.refused],
    ['drift', [], EXIT.done],
    ['apply', ['refusal'], EXIT.refused],
    ['apply', [], EXIT.refused],
    ['apply', ['lint'], EXIT.refused],
  ] as const)('in the mode %s with fail-on %j is %d', (mode, failOn, code) => {
    expect(codeWith(mode, failOn, refused)).toBe(code);
  });

  test('is forgiven, and nothing else with it', () => {
    for (const code of Object.values(EXIT).filter((one) => one !== EXIT.refused))
      expect(codeWith('plan', [], partOf({ is: 'failure', failure }, code))).toBe(code);
  });
});

describe('drift that was found', () => {
  const found = planned(FULL, EXIT.pending);

  test('is red where somebody asks for it, and in the mode that looks for it nowhere else', () => {
    expect(codeWith('drift', ['refusal'], found)).toBe(EXIT.done);
    expect(codeWith('drift', ['drift'], found)).toBe(EXIT.pending);
    expect(codeWith('plan', ['refusal'], found)).toBe(EXIT.pending);
  });
});

describe('the code of a run', () => {
  const worstFirst: readonly ExitCode[] = [
    EXIT.interrupted,
    EXIT.config,
    EXIT.permission,
    EXIT.api,
    EXIT.partial,
    EXIT.refused,
    EXIT.pending,
    EXIT.done,
  ];

  test('has an order for every code', () => {
    expect(new Set(worstFirst)).toEqual(new Set(Object.values(EXIT)));
  });

  test.each(worstFirst.map((code, at) => [code, worstFirst.slice(at)] as const))(
    'is %d where that is the worst of %j',
    (code, codes) => {
      const parts = codes.map((one) => partOf({ is: 'failure', failure }, one));
      expect(codeWith('apply', [], ...parts)).toBe(code);
      expect(codeWith('apply', [], ...parts.toReversed())).toBe(code);
    },
  );

  test('is the worst of what targets came to and what is objected to', () => {
    expect(codeWith('plan', ['blocked'], planned(NOTHING), planned(FULL))).toBe(EXIT.refused);
    expect(codeWith('plan', ['blocked'], planned(FULL), planned(NOTHING, EXIT.api))).toBe(EXIT.api);
    expect(codeWith('plan', ['pending'], planned(FULL, EXIT.refused))).toBe(EXIT.pending);
  });

  test('is 0 where there was nothing to do', () => {
    for (const mode of MODES) expect(codeWith(mode, FAIL_ON)).toBe(EXIT.done);
  });
});

describe('what is left to be applied', () => {
  test.each([
    ['a plan', planned(FULL), 'plan', 2],
    ['an apply that was stopped', partOf({ is: 'stopped', document: FULL, failure }), 'apply', 2],
    ['an apply', applied(FULL, ['done', 'already', 'skipped', 'refused', 'changed-meanwhile']), 'apply', 3],
    ['an apply that had nothing to do', applied(NOTHING, []), 'apply', 0],
    ['a check', partOf({ is: 'checked', why: 'w', diagnostics: [] }), 'plan', 0],
    ['a failure', partOf({ is: 'failure', failure }), 'plan', 0],
  ] as const)('of %s', (_what, part, mode, count) => {
    expect(pendingOf(part, mode)).toBe(count);
  });
});
