import type { ChangeDocument, PlanDocument } from '../src/core/document.ts';
import { fitReview } from '../src/report/fit-review.ts';
import { COMMENT_LIMIT, SUMMARY_LIMIT } from '../src/report/fit.ts';
import { say } from '../src/report/phrase.ts';
import type { Review } from '../src/report/review.ts';
import type { Cost } from './measure.ts';

/** Lays out a comment and a job summary about so many changed jobs, in this process, once: a run does it cold as well. */
export function renderChanges(count: number): Cost {
  const review = reviewOf(planOf(count));
  const options = {
    elsewhere: say`elsewhere`,
    link: (file: string, line: number) => `https://github.com/${file}#L${line}`,
  };
  const before = process.cpuUsage();
  const startedAt = performance.now();
  for (const limit of [COMMENT_LIMIT, SUMMARY_LIMIT]) fitReview(limit, review, options);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  return {
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1024,
    out: '',
  };
}

function reviewOf(document: PlanDocument): Review {
  return {
    config: document.config.name,
    sections: [{ target: 'prod', content: { is: 'plan', document }, outlook: say`applied` }],
    provenance: { commit: null, run: null, at: 0 },
    warnings: [],
  };
}

/** What a rule does to many jobs, with something of its own in every seventh. */
function planOf(count: number): PlanDocument {
  return {
    format_version: '1.0',
    tool: { name: 'lakebell', version: '0.0.0' },
    config: { name: 'data-platform', files: ['notifications.yml'], sha256: '' },
    workspace: {
      target: 'prod',
      host: 'https://prod.cloud.databricks.test',
      workspace_id: '1',
      identity: 'sp',
    },
    summary: {
      create: 0,
      update: count,
      replace: 0,
      delete: 0,
      adopt: 0,
      detach: 0,
      rotate: 0,
      blocked: 0,
      noop: 0,
      drifted: 0,
      foreign: 10_000 - count,
    },
    changes: Array.from({ length: count }, (_none, at) => changeOf(at)),
    diagnostics: [],
    refusals: [],
    unreadable: [],
    complete: true,
    digest: `sha256:${'0'.repeat(64)}`,
    requests: { count: 0, retried: 0, seconds: 0 },
    notes: [],
  };
}

function changeOf(at: number): ChangeDocument {
  const before = at % 7 === 0 ? [`owner-${at}@company.test`] : [];
  const more = at % 7 === 0 ? [`team-${at}@company.test`] : [];
  const path = 'email_notifications.on_failure';
  const after = [...before, 'oncall@company.test', ...more];
  return {
    address: `job/${900_000_000_000_000 + at}`,
    key: 'prod-failures-page',
    display: `etl-${at}`,
    verb: 'update',
    id: String(900_000_000_000_000 + at),
    source: { file: 'notifications.yml', line: 41 },
    fields: [{ path, before, after, verdict: 'changed', drifted: false, reason: null }],
    requires: [],
    op: `sha256:${'1'.repeat(64)}`,
    notes: [],
    blocked: null,
  };
}
