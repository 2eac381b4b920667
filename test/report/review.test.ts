import { describe, expect, test } from '@jest/globals';
import type { PlanDocument } from '../../src/core/document.ts';
import { EVERYTHING, LADDER } from '../../src/report/detail.ts';
import { plain, say } from '../../src/report/phrase.ts';
import {
  type Content,
  type Review,
  type ReviewOptions,
  type Section,
  renderBareReview,
  renderReview,
  verdictOfContent,
} from '../../src/report/review.ts';
import { DIGEST, aChange, aDestination, aDiagnostic, aField, aPlan } from './support/builders.ts';
import { APPLIES, PLANS } from './support/plans.ts';

const OPTIONS: ReviewOptions = {
  link: (file, line) => `https://github.com/acme/data/blob/0123abcd/${file}#L${line}`,
  elsewhere: say`the file ${'report.md'} has all of it`,
};
const COMMIT = { label: '0123abcd', url: 'https://github.com/acme/data/commit/0123abcd' };
const RUN = { label: 'run 12', url: 'https://github.com/acme/data/actions/runs/77/attempts/1' };
const PROVENANCE =
  '<sub>`data-platform` · commit [`0123abcd`](<https://github.com/acme/data/commit/0123abcd>) · 2026-01-02 03:04 UTC · [run 12](<https://github.com/acme/data/actions/runs/77/attempts/1>)</sub>';

function aReview(parts: Partial<Review> & Pick<Review, 'sections'>): Review {
  const provenance = { commit: COMMIT, run: RUN, at: Date.UTC(2026, 0, 2, 3, 4) };
  return { config: 'data-platform', provenance, warnings: [], ...parts };
}

function page(content: Content, outlook: Section['outlook'] = say`one operation is applied`): string {
  return renderReview(aReview({ sections: [{ target: 'prod', content, outlook }] }), OPTIONS);
}

const planned = (document: PlanDocument): Content => ({ is: 'plan', document });

/** Fails where the page lacks lines that begin like that, or has them in another order. */
function expectOrder(whole: string, pieces: readonly string[]): void {
  const text = `\n${whole}`;
  const places = pieces.map((piece) => [piece, text.indexOf(`\n${piece}`)] as const);
  const found = places.filter(([, at]) => at >= 0).sort(([, a], [, b]) => a - b);
  expect(found.map(([piece]) => piece)).toEqual(pieces);
}

const REFUSAL = { guard: 'max_deletes', message: '7 objects would go', allow: 'max_deletes' };

const FULL = aPlan(
  {
    changes: [
      aDestination('pagerduty', 'On-call', {
        verb: 'create',
        fields: [aField({ path: 'display_name', before: null, after: 'On-call' })],
      }),
      aChange({ fields: [aField({ before: ['a'], after: ['b'], drifted: true })] }),
      aChange({
        verb: 'blocked',
        display: 'billing',
        blocked: { reason: 'missing', message: 'no job is called that', hint: null },
      }),
      aDestination('teams', 'teams', { verb: 'noop', notes: ['cannot be compared'] }),
    ],
    refusals: [REFUSAL, { ...REFUSAL, guard: 'protect', allow: 'protect', allowed: 'it is meant' }],
    loosened: [{ setting: 'limits.max_deletes', before: '5', after: '50' }],
    diagnostics: [aDiagnostic({ severity: 'warning' })],
    notes: ['no record was found'],
  },
  { noop: 4, foreign: 2 },
);

describe('a page about one plan', () => {
  test('is read from what matters most to where it comes from', () => {
    expectOrder(page(planned(FULL)), [
      '<!-- lakebell:status "prod" -->',
      '### ⛔ Plan for `prod (https://prod.cloud.databricks.test)` is refused by `max_deletes`: 2 changes, 1 blocked',
      '1 to create, 1 to update, 1 blocked, 1 changed by hand, 4 unchanged, 2 not in the file',
      '> [!CAUTION]\n> **Refused by `max_deletes`**',
      '> [!WARNING]\n> **`protect` is lifted: it is meant**',
      '> [!WARNING]\n> **Removes 1 value**',
      '> [!WARNING]\n> **Guards are loosened**',
      '> [!IMPORTANT]\n> **Drift: changed by hand, and will be reverted**',
      '> [!NOTE]\n> **1 blocked; this stops nothing else**',
      '<details><summary>If it is meant, write into the configuration</summary>',
      '**Create 1**',
      '**Update 1**',
      '**Blocked 1**',
      '<details open><summary>Create <code>On-call</code>',
      '<details open><summary>Update <code>etl-pipeline</code>',
      '<details><summary>Left alone, and why (3)</summary>',
      '<details><summary>1 warning</summary>',
      '- Note: no record was found',
      '<!-- lakebell:outlook "prod" -->',
      '**On merge:** one operation is applied',
      `<sub>digest \`${DIGEST}\` · as \`sp-plan\`</sub>`,
      PROVENANCE,
    ]);
  });

  test('ends with where it comes from, and with one line break', () => {
    expect(page(planned(FULL)).endsWith(`\n\n${PROVENANCE}\n`)).toBe(true);
  });

  test('has one empty line between its parts and no part twice', () => {
    const text = page(planned(FULL));
    expect(text).not.toMatch(/\n{3}/u);
    for (const once of [
      '### ',
      '**On merge:**',
      'lakebell:status',
      'lakebell:outlook',
      '[!CAUTION]',
      '<sub>digest',
    ])
      expect(text.split(once)).toHaveLength(2);
  });

  test('is about nothing else: no list of targets, no line', () => {
    const text = page(planned(FULL));
    expect(text).not.toContain('in 1 workspace');
    expect(text).not.toContain('\n---\n');
  });

  test('gives what to write into the file for the guards that still refuse, and for this digest', () => {
    const [, block = ''] = page(planned(FULL)).split('```yaml\n');
    expect(block.slice(0, block.indexOf('```'))).toBe(
      `settings:\n  allow:\n    - { guard: max_deletes, digest: ${DIGEST}, reason: why }\n`,
    );
    expect(page(planned(PLANS['drift']!))).not.toContain('If it is meant, write');
  });

  test('has no place for a status where no merge will write one', () => {
    const text = page(planned(FULL), null);
    expect(text).not.toMatch(/lakebell:(status|outlook|end)|On merge/u);
    expect(text).toContain(`<sub>digest \`${DIGEST}\` · as \`sp-plan\`</sub>`);
  });

  test.each([
    ['nothing-to-do', '✅ Nothing to do for'],
    ['every-verb', 'Plan for'],
    ['blocked', 'Nothing to apply for'],
    ['refusal', '⛔ Plan for'],
    ['drift', 'Plan for'],
    ['incomplete', '⚠️ No conclusion for'],
  ])('catches the eye with how %s stands', (name, words) => {
    const [heading] = /^### .*$/mu.exec(page(planned(PLANS[name]!))) ?? [];
    expect(heading?.startsWith(`### ${words} `)).toBe(true);
  });

  test('names the digest only where there is something to approve', () => {
    const withError = aPlan({ changes: [aChange()], diagnostics: [aDiagnostic()] });
    for (const document of [PLANS['nothing-to-do']!, PLANS['blocked']!, withError])
      expect(page(planned(document))).not.toContain('digest `');
  });

  test('links every place of the file to the commit that reviewers see', () => {
    expect(page(planned(FULL))).toContain(
      '· [`notifications.yml:41`](<https://github.com/acme/data/blob/0123abcd/notifications.yml#L41>)',
    );
  });

  test('does without a commit and a run', () => {
    const sections = [{ target: null, content: planned(FULL), outlook: null }];
    const provenance = { commit: null, run: null, at: 0 };
    const text = renderReview(aReview({ sections, provenance }), OPTIONS);
    expect(text.endsWith('\n\n<sub>`data-platform` · 1970-01-01 00:00 UTC</sub>\n')).toBe(true);
  });
});

describe('a page about several targets', () => {
  const contents: Readonly<Record<string, Content>> = {
    dev: planned(PLANS['nothing-to-do']!),
    eu: planned(PLANS['every-verb']!),
    us: planned(PLANS['refusal']!),
    jp: planned(PLANS['incomplete']!),
    uk: { is: 'failure', failure: { message: 'no answer', hint: null, diagnostics: [] } },
    fr: { is: 'checked', why: 'a fork', diagnostics: [] },
  };
  const review = aReview({
    sections: Object.entries(contents).map(([target, content]) => ({
      target,
      content,
      outlook: say`nothing happens`,
    })),
    warnings: [say`GitHub said ${'no'}`],
  });
  const text = renderReview(review, OPTIONS);

  test('begins with all of them, one line each, in their order', () => {
    const [title, empty, ...lines] = text.split('\n').slice(0, 8);
    expect([title, empty]).toEqual(['### 20 changes in 6 workspaces', '']);
    expect(lines).toEqual([
      '- ✅ `dev`: nothing to do',
      '- `eu`: 1 to create, 1 to replace, 1 to delete, 1 to adopt, 2 to update, 1 to rotate, 1 to detach, 1 blocked',
      '- ⛔ `us`: refused by `max_deletes`: 12 to delete',
      '- ⚠️ `jp`: too little could be read',
      '- ⛔ `uk`: No plan: no answer',
      '- `fr`: The configuration is valid; no plan was made',
    ]);
  });

  test('then has what could not be done, then a section each, one level below', () => {
    expectOrder(text, [
      '### 20 changes in 6 workspaces',
      '> [!WARNING]\n> GitHub said `no`',
      '<!-- lakebell:status "dev" -->',
      '#### ✅ Nothing to do for',
      '<!-- lakebell:outlook "dev" -->',
      '<!-- lakebell:status "eu" -->',
      '#### Plan for',
      '<!-- lakebell:status "us" -->',
      '#### ⛔ Plan for',
      '<!-- lakebell:status "uk" -->',
      '#### ⛔ No plan: no answer',
      PROVENANCE,
    ]);
    expect(text.match(/^#{3} /gmu)).toHaveLength(1);
    expect(text.match(/^#{4} /gmu)).toHaveLength(6);
    expect(text.match(/^---$/gmu)).toHaveLength(7);
    expect(text.match(/^\*\*On merge:\*\* nothing happens$/gmu)).toHaveLength(6);
  });

  test('lists forty of many', () => {
    const sections = Array.from({ length: 61 }, (_none, at) => ({
      target: `t${at}`,
      content: planned(PLANS['drift']!),
      outlook: null,
    }));
    const many = renderReview(aReview({ sections }), OPTIONS);
    expect(many.startsWith('### 61 changes in 61 workspaces\n')).toBe(true);
    expect(many).toContain('\n- `t39`: 1 to update\n- and 21 more\n');
  });
});

describe('a warning', () => {
  test('stands below the verdict and its counts, each in a block of its own', () => {
    const sections = [{ target: 'prod', content: planned(FULL), outlook: null }];
    const text = renderReview(aReview({ sections, warnings: [say`one`, say`two of ${'@team'}`] }), OPTIONS);
    const blocks = text.split('\n\n');
    expect(blocks[0]).toMatch(/^### /);
    expect(blocks.slice(1, 4)).toEqual([
      expect.stringContaining('1 to create'),
      '> [!WARNING]\n> one',
      '> [!WARNING]\n> two of `@team`',
    ]);
  });
});

describe('a page that is shortened', () => {
  const shortened = '**Shortened to fit:** the file `report.md` has all of it';
  const sections = [{ target: 'prod', content: planned(FULL), outlook: null }];

  test('says so, and where the rest is, below the verdict and its counts', () => {
    expect(renderReview(aReview({ sections }), OPTIONS)).not.toContain('Shortened');
    expect(renderReview(aReview({ sections }), { ...OPTIONS, detail: EVERYTHING })).not.toContain(
      'Shortened',
    );
    for (const detail of LADDER.slice(1))
      expect(renderReview(aReview({ sections }), { ...OPTIONS, detail }).split('\n\n')[2]).toBe(shortened);
  });

  test.each(LADDER.map((detail, at) => [at, detail] as const))(
    'still has verdict, counts and every alert on rung %d',
    (_at, detail) => {
      const text = renderReview(aReview({ sections }), { ...OPTIONS, detail });
      expectOrder(text, [
        '### ⛔ Plan for `prod (https://prod.cloud.databricks.test)` is refused by `max_deletes`',
        '1 to create, 1 to update, 1 blocked',
        '> [!CAUTION]\n> **Refused by `max_deletes`**\n>\n> - 7 objects would go',
        '> [!WARNING]\n> **`protect` is lifted',
        '> [!WARNING]\n> **Removes 1 value**',
        '> [!WARNING]\n> **Guards are loosened**',
        '> [!IMPORTANT]',
        '> [!NOTE]',
        '**Create 1**',
        '**Update 1**',
        PROVENANCE,
      ]);
    },
  );

  test('is left with a line for each target where there is room for no more', () => {
    expect(renderBareReview(aReview({ sections }), OPTIONS)).toBe(
      `### 2 changes in 1 workspace\n\n- ⛔ \`prod\`: refused by \`max_deletes\`: 1 to create, 1 to update, 1 blocked\n\n${shortened}\n\n${PROVENANCE}\n`,
    );
  });

  test('tells a removal whose value only its end tells from one that stays', () => {
    const stem = 'x'.repeat(2_000);
    const field = aField({ before: [`${stem}1`], after: [`${stem}2`] });
    const content = planned(aPlan({ changes: [aChange({ fields: [field] })] }));
    for (const detail of LADDER)
      expect(
        renderReview(aReview({ sections: [{ target: 'prod', content, outlook: null }] }), {
          ...OPTIONS,
          detail,
        }),
      ).toContain('**Removes 1 value**');
  });
});

describe('a page about what was not applied', () => {
  const failure = { message: 'nobody approved this plan', hint: 'read the plan', diagnostics: [] };
  const stopped = (document: PlanDocument): string => page({ is: 'stopped', document, failure }, null);

  test('says why, what to do, how to approve exactly this, and then the plan', () => {
    expectOrder(stopped(PLANS['every-verb']!), [
      '### ⛔ Not applied: nobody approved this plan',
      'What to do: read the plan',
      'To approve exactly this by hand',
      `\`\`\`sh\ngh workflow run approve.yml \\\n  -f approve=${DIGEST} -f target=prod\n\`\`\``,
      '#### Plan for `prod (https://prod.cloud.databricks.test)`: 8 changes, 1 blocked',
      '> [!WARNING]',
      `<sub>digest \`${DIGEST}\` · as \`sp-plan\`</sub>`,
      PROVENANCE,
    ]);
  });

  test('names no target where the configuration has none, and none that a shell could misread', () => {
    const plan = PLANS['drift']!;
    const inTarget = (target: string | null): string =>
      stopped({ ...plan, workspace: { ...plan.workspace, target } });
    expect(inTarget(null)).toContain(`  -f approve=${DIGEST}\n\`\`\``);
    expect(inTarget('a; rm -rf /')).toContain(`  -f approve=${DIGEST}\n\`\`\``);
  });

  test('has no command where there is nothing to approve', () => {
    for (const name of ['nothing-to-do', 'blocked'])
      expect(stopped(PLANS[name]!)).not.toContain('gh workflow run');
  });
});

describe('a page about an apply', () => {
  test.each(Object.entries(APPLIES))('tells of %s what became of it', (_name, document) => {
    const content = { is: 'outcome', document } as const;
    const text = page(content, null);
    expect(text.startsWith('### ')).toBe(true);
    expect(text.split('\n', 1)[0]?.replaceAll('`', '')).toBe(`### ${plain(verdictOfContent(content))}`);
    for (const { address } of document.outcomes ?? []) expect(text).toContain(`\`${address}\``);
    expect(text.endsWith(`${PROVENANCE}\n`)).toBe(true);
  });
});

describe('a page without a plan', () => {
  const mistakes = [
    aDiagnostic(),
    aDiagnostic({ line: 1, column: 1, message: 'no "version"', hint: null }),
    aDiagnostic({
      file: null,
      line: null,
      column: null,
      message: 'nowhere',
      severity: 'warning',
      hint: null,
    }),
  ];

  test('lists the mistakes of the configuration, in the order of the file, with links', () => {
    const message = 'the configuration has 2 errors';
    const text = page({ is: 'failure', failure: { message, hint: null, diagnostics: mistakes } });
    const place = (line: number): string =>
      `[\`notifications.yml:${line}\`](<https://github.com/acme/data/blob/0123abcd/notifications.yml#L${line}>)`;
    expect(text).toContain(
      [
        '### ⛔ No plan: the configuration has 2 errors',
        '',
        '<details open><summary>2 errors, 1 warning</summary>',
        '',
        '- **warning:** nowhere',
        `- ${place(1)} · **error:** no "version"`,
        `- ${place(3)} · **error:** unknown key "\`on_failur\`" (did you mean "\`on_failure\`"?)`,
        '',
        '</details>',
        '',
        '<!-- lakebell:outlook "prod" -->',
      ].join('\n'),
    );
    expect(text).not.toMatch(/What to do|digest|as `/u);
  });

  test('says what to do about anything else', () => {
    const failure = { message: 'no answer', hint: 'check the host', diagnostics: [] };
    expect(page({ is: 'failure', failure }, null)).toBe(
      `### ⛔ No plan: no answer\n\nWhat to do: check the host\n\n${PROVENANCE}\n`,
    );
  });

  test.each([
    [[], 'The configuration is valid; no plan was made', ''],
    [mistakes.slice(2), 'The configuration is valid; no plan was made', '<details><summary>1 warning'],
    [mistakes, 'The configuration has mistakes', '<details open><summary>2 errors, 1 warning'],
  ])('says what was checked, and why no more: %#', (diagnostics, heading, findings) => {
    const text = page({ is: 'checked', why: 'forks get no credentials', diagnostics });
    expectOrder(text, [
      `### ${heading}`,
      'forks get no credentials',
      ...(findings === '' ? [] : [findings]),
      '**On merge:**',
      PROVENANCE,
    ]);
    expect(text.includes('<details')).toBe(findings !== '');
  });
});
