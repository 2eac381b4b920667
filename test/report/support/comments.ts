import type { ChangeDocument, PlanDocument } from '../../../src/core/document.ts';
import { type Phrase, say } from '../../../src/report/phrase.ts';
import type { Content, Review, Section } from '../../../src/report/review.ts';
import { aChange, aDestination, aDiagnostic, aField, aPlan } from './builders.ts';
import { APPLIES, PLANS } from './plans.ts';

const applies = (count: number): Phrase =>
  count === 1
    ? say`exactly this one operation is applied, each as long as it is still what is needed`
    : say`exactly these ${count} operations are applied, each as long as it is still what is needed`;

function aReview(...sections: readonly Section[]): Review {
  return {
    config: 'data-platform',
    sections,
    provenance: {
      commit: { label: '0123abcd', url: `https://github.com/acme/data/commit/${'0123abcd'.repeat(5)}` },
      run: { label: 'run 12', url: 'https://github.com/acme/data/actions/runs/77/attempts/1' },
      at: Date.UTC(2026, 10, 21, 9, 30),
    },
    warnings: [],
  };
}

function planned(document: PlanDocument | undefined, outlook: Phrase, target = 'prod'): Section {
  if (document === undefined) throw new Error('there is no such plan');
  const workspace = { ...document.workspace, target, host: `https://${target}.cloud.databricks.test` };
  return { target, content: { is: 'plan', document: { ...document, workspace } }, outlook };
}

function about(content: Content, outlook: Phrase): Review {
  return aReview({ target: 'prod', content, outlook });
}

/** What a rule does to many jobs of somebody else's, with something of its own in every seventh. */
function many(count: number): PlanDocument {
  const changes: readonly ChangeDocument[] = Array.from({ length: count }, (_none, at) =>
    aChange({
      address: `job/${900_000_000_000_000 + at}`,
      key: 'prod-failures-page',
      display: `etl-${String(at).padStart(4, '0')}-${at % 7 === 0 ? 'orders' : 'events'}`,
      fields: [
        aField({
          before: at % 7 === 0 ? [`owner-${at}@company.test`] : [],
          after:
            at % 7 === 0
              ? [`owner-${at}@company.test`, 'oncall@company.test', `team-${at}@company.test`]
              : ['oncall@company.test'],
          path: 'email_notifications.on_failure',
        }),
      ],
    }),
  );
  const created = aDestination('pagerduty', 'On-call', {
    verb: 'create',
    id: null,
    fields: [aField({ path: 'display_name', before: null, after: 'On-call' })],
  });
  return aPlan({ changes: [created, ...changes] }, { noop: 20, foreign: 10_000 - count });
}

const mistakes = [
  aDiagnostic(),
  aDiagnostic({
    code: 'unknown-destination',
    message: 'there is no destination "team-slak"',
    line: 14,
    column: 20,
    hint: 'did you mean "team-slack"?',
  }),
];

/** One comment for every situation that a reviewer meets. */
export const COMMENTS: Readonly<Record<string, Review>> = {
  'no-change': aReview(planned(PLANS['nothing-to-do'], say`there is nothing to apply`)),
  'every-verb': aReview(planned(PLANS['every-verb'], applies(8))),
  blocked: aReview(planned(PLANS['blocked'], say`there is nothing to apply`)),
  refusal: aReview(planned(PLANS['refusal'], say`nothing is applied while the plan is refused`)),
  drift: aReview(planned(PLANS['drift'], applies(1))),
  loosened: aReview(
    planned(
      {
        ...PLANS['adopt']!,
        loosened: [{ setting: 'settings.limits.max_deletes', before: '5', after: '50' }],
      },
      applies(1),
    ),
  ),
  'three-targets': aReview(
    planned(PLANS['nothing-to-do'], say`there is nothing to apply`, 'dev'),
    planned(PLANS['every-verb'], applies(8), 'prod-eu'),
    planned(PLANS['refusal'], say`nothing is applied while the plan is refused`, 'prod-us'),
  ),
  '500-changes': aReview(planned(many(500), applies(501))),
  '5000-changes': aReview(planned(many(5_000), applies(5_001))),
  hostile: aReview(planned(PLANS['hostile'], applies(22))),
  mistakes: about(
    {
      is: 'failure',
      failure: { message: 'the configuration has 2 errors', hint: null, diagnostics: mistakes },
    },
    say`nothing is applied, as there is no plan`,
  ),
  unreachable: about(
    {
      is: 'failure',
      failure: {
        message: 'https://prod.cloud.databricks.test (from DATABRICKS_HOST) could not be reached: ENOTFOUND',
        hint: 'check the name of the host',
        diagnostics: [],
      },
    },
    say`nothing is applied, as there is no plan`,
  ),
  'no-check': {
    ...aReview(
      planned(
        PLANS['adopt'],
        say`nothing is applied, because the check that approves it could not be written; the job needs ${'checks: write'}`,
      ),
    ),
    warnings: [
      say`GitHub did not let us write a check: 403 Resource not accessible by integration; the job lacks the permission ${'checks: write'}`,
    ],
  },
  'not-approved': aReview({
    target: 'prod',
    content: {
      is: 'stopped',
      document: PLANS['every-verb']!,
      failure: {
        message: 'nobody approved this plan: the commit 0123abcd came with no merged pull request',
        hint: 'read the plan; to approve exactly that, start a run with workflow_dispatch, mode apply and its digest as approve',
        diagnostics: [],
      },
    },
    outlook: null,
  }),
  'applied-in-part': aReview({
    target: 'prod',
    content: { is: 'outcome', document: APPLIES['in-part']! },
    outlook: null,
  }),
};
