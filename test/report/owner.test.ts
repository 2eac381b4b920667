import { describe, expect, test } from '@jest/globals';
import type { ChangeDocument, OwnerDocument, PlanDocument } from '../../src/core/document.ts';
import { alertsOf } from '../../src/report/alerts.ts';
import { COMMENT_LIMIT, SUMMARY_LIMIT } from '../../src/report/fit.ts';
import { fitReview } from '../../src/report/fit-review.ts';
import { renderPlanMarkdown } from '../../src/report/markdown.ts';
import { ownerMarkdown, ownerPhrase, ownerSentence, snippetLines } from '../../src/report/owner.ts';
import { markdown, plain, say } from '../../src/report/phrase.ts';
import type { Review } from '../../src/report/review.ts';
import { renderPlanText } from '../../src/report/text.ts';
import { aChange, aPlan } from './support/builders.ts';

function anOwner(parts: Partial<OwnerDocument> = {}): OwnerDocument {
  return {
    repository: 'github.com/acme/etl',
    url: 'https://github.com/acme/etl',
    branch: 'main',
    commit: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
    file: 'resources/etl.yml',
    key: 'etl',
    why: null,
    snippet: 'resources:\n  jobs:\n    etl:\n      health:\n        rules: []\n',
    ...parts,
  };
}

function aBlocked(at: number, parts: Partial<OwnerDocument> = {}): ChangeDocument {
  const snippet = `resources:\n  jobs:\n    job_${at}:\n      health:\n        rules: []\n`;
  return aChange({
    address: `job/${900_000_000_000_000 + at}`,
    key: `job_${at}`,
    display: `job ${at}`,
    verb: 'blocked',
    blocked: {
      reason: 'bundle',
      message: 'a bundle owns this job, and its next deploy would undo our change',
      hint: 'change it in the bundle, or see `settings.bundle_jobs`',
      owner: anOwner({ key: `job_${at}`, snippet, ...parts }),
    },
  });
}

const many = (count: number, parts: (at: number) => Partial<OwnerDocument> = () => ({})): PlanDocument =>
  aPlan({ changes: Array.from({ length: count }, (_none, at) => aBlocked(at, parts(at))) });

function reviewOf(document: PlanDocument): Review {
  return {
    config: 'data-platform',
    sections: [{ target: null, content: { is: 'plan', document }, outlook: null }],
    provenance: { commit: null, run: null, at: 0 },
    warnings: [],
  };
}

/** What a rule asks of a job with a few recipients. */
const LONG = `resources:
  jobs:
    KEY:
      email_notifications:
        on_failure:
${'          - somebody@company.test\n'.repeat(4)}`;

const ELSEWHERE = { elsewhere: say`the summary of the run has more` };

describe('whose bundle it is', () => {
  test.each<[string, Partial<OwnerDocument>, string]>([
    ['everything', {}, 'github.com/acme/etl, branch main, commit 1a2b3c4, resources/etl.yml'],
    ['no branch', { branch: null }, 'github.com/acme/etl, commit 1a2b3c4, resources/etl.yml'],
    [
      'only a file',
      { repository: null, branch: null, commit: null },
      'a repository that is not told, resources/etl.yml',
    ],
  ])('is told in one line from %s', (_name, parts, line) => {
    expect(plain(ownerPhrase(anOwner(parts)))).toBe(line);
  });

  test('is a link where there is a page', () => {
    expect(ownerMarkdown(anOwner())).toBe(
      '[`github.com/acme/etl`](<https://github.com/acme/etl>), branch `main`, commit `1a2b3c4`, `resources/etl.yml`',
    );
    expect(ownerMarkdown(anOwner({ url: null, branch: null }))).toBe(
      '`github.com/acme/etl`, commit `1a2b3c4`, `resources/etl.yml`',
    );
  });

  test('is said to be unknown, and why', () => {
    const owner = anOwner({ repository: null, why: 'it names no metadata file' });
    expect(plain(ownerSentence(owner))).toBe('From where is not known: it names no metadata file');
  });

  test('is no Markdown, no HTML and no escape of a terminal, whatever somebody wrote there', () => {
    const text = '</details> [x](https://evil.test) @acme/all \u001B[31m\u202E';
    const owner = anOwner({
      repository: text,
      branch: text,
      file: text,
      commit: text,
      url: 'javascript:alert(1)',
    });
    expect(markdown(ownerSentence(owner))).toBe(
      'Deployed from ' +
        '`</details> [x](https://evil.test) @acme/all \\u{1B}[31m\\u{202E}`, ' +
        'branch `</details> [x](https://evil.test) @acme/all \\u{1B}[31m\\u{202E}`, commit `</detai`, ' +
        '`</details> [x](https://evil.test) @acme/all \\u{1B}[31m\\u{202E}`',
    );
    expect(ownerMarkdown(owner)).not.toContain('](<');
    expect(plain(ownerPhrase(owner))).not.toMatch(/\p{C}/u);
  });
});

describe('what to merge into a bundle', () => {
  test('is one piece of YAML for all jobs of a file', () => {
    expect(snippetLines([aBlocked(1), aBlocked(2, { snippet: null }), aBlocked(3)])).toEqual([
      'resources:',
      '  jobs:',
      '    job_1:',
      '      health:',
      '        rules: []',
      '    job_3:',
      '      health:',
      '        rules: []',
    ]);
  });

  test('is closed in a comment, also where little else is in it, and cannot be closed from inside', () => {
    const snippet = 'resources:\n  jobs:\n    etl:\n      a: "```"\n      b: </details>\n';
    const text = renderPlanMarkdown(aPlan({ changes: [aBlocked(1, { snippet })] }));
    expect(text).toContain('<details><summary>Blocked <code>job 1</code>');
    expect(text).toContain('````yaml\nresources:');
    expect(text).not.toContain('<details open>');
  });

  test('is cut on a terminal where it is long, and whole with --verbose', () => {
    const document = many(40);
    expect(renderPlanText(document)).toContain('# 62 more lines (--verbose shows them)');
    expect(renderPlanText(document, { verbose: true })).toContain('job_39:');
  });
});

describe('many jobs of bundles', () => {
  test('of one file are one line of the alert', () => {
    const [alert] = alertsOf(many(14));
    expect(plain(alert?.title ?? [])).toBe('14 blocked; this stops nothing else');
    expect(alert?.lines.map(plain)).toEqual([
      '14 jobs are bundle: a bundle owns this job, and its next deploy would undo our change (change it in the bundle, or see `settings.bundle_jobs`). Deployed from github.com/acme/etl, branch main, commit 1a2b3c4, resources/etl.yml',
    ]);
  });

  test.each<[string, PlanDocument]>([
    ['one file', many(400, (at) => ({ snippet: LONG.replaceAll('KEY', `job_${at}`) }))],
    [
      'many files',
      many(400, (at) => ({ file: `resources/${at % 40}.yml`, snippet: LONG.replaceAll('KEY', `job_${at}`) })),
    ],
    ['many repositories', many(400, (at) => ({ repository: `github.com/acme/${at}` }))],
  ])('of %s fit into a comment, which gives up the YAML first; the summary keeps it', (_name, document) => {
    const comment = fitReview(COMMENT_LIMIT, reviewOf(document), ELSEWHERE);
    expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(comment).toContain('400 blocked; this stops nothing else');
    expect(comment).toContain('Deployed from `github.com/acme/');
    expect(comment).toContain('`job 399`');
    expect(comment).not.toContain('```yaml');
    const summary = fitReview(SUMMARY_LIMIT, reviewOf(document), ELSEWHERE);
    expect(summary).toContain('job_399:');
  });

  test('few of them keep their YAML in the comment', () => {
    expect(fitReview(COMMENT_LIMIT, reviewOf(many(30)), ELSEWHERE)).toContain('job_29:');
  });
});
