import type { PlanDocument } from '../../core/document.ts';
import { EXIT } from '../../core/errors.ts';
import type { GitHubApi } from '../../host/github/api.ts';
import type { Issue } from '../../host/github/issues.ts';
import { EVERYTHING } from '../../report/detail.ts';
import {
  type DriftIssueOptions,
  checkedMarkdown,
  driftMarker,
  driftTitle,
  renderDriftIssue,
} from '../../report/drift-issue.ts';
import { COMMENT_LIMIT, fit } from '../../report/fit.ts';
import { type Slot, fillSlot, slotMarkdown } from '../../report/marker.ts';
import { type Phrase, markdown, message, say } from '../../report/phrase.ts';
import type { Naming } from './naming.ts';
import { ACTIONS_BOT } from './our-comments.ts';
import { pageOf, referenceOf, stampOf } from './page.ts';
import type { Part } from './part.ts';
import type { Stage } from './stage.ts';

/** A repaired workspace that drifts again within this time is the same story. */
const REOPEN_MS = 14 * 24 * 60 * 60 * 1000;
const MUTE_MS = 14 * 24 * 60 * 60 * 1000;

/** One issue for each configuration and target, open while there is drift. Gives its address, or null where there is none. */
export async function keepDriftIssue(
  stage: Stage,
  part: Part,
  accept: readonly string[],
): Promise<string | null> {
  const github = await stage.github();
  const found = await findIssue(stage, github, part.naming);
  const { content } = part;
  if (content.is !== 'drift' || isInconclusive(part)) return noteInconclusive(stage, found, part);
  if (content.document.changes.length === 0) return recover(stage, found, content.document);
  return tellDrift(stage, found, { naming: part.naming, document: content.document, accept });
}

/** The open one, else the one that was closed last; only ours, whoever else writes the same first line. */
async function findIssue(stage: Stage, github: GitHubApi, naming: Naming): Promise<Issue | null> {
  const now = stage.host.clock();
  const me = await github.whoAmI().catch(() => ACTIONS_BOT);
  const line = driftMarker(naming);
  const ours = (await github.listIssues(now - REOPEN_MS)).filter(
    ({ author, body, isOpen, closedAt }) =>
      author === me &&
      body.split(/\r?\n/u, 1)[0] === line &&
      (isOpen || (closedAt !== null && closedAt >= now - REOPEN_MS)),
  );
  const byAge = [...ours].sort((a, b) => a.number - b.number);
  return byAge.find(({ isOpen }) => isOpen) ?? byAge.at(-1) ?? null;
}

function isInconclusive({ code }: Part): boolean {
  return code !== EXIT.done && code !== EXIT.pending;
}

/** What could not be read says nothing about drift: only that somebody looked is noted. */
async function noteInconclusive(
  stage: Stage,
  issue: Issue | null,
  { content }: Part,
): Promise<string | null> {
  if (issue === null || !issue.isOpen) return null;
  const why: Phrase =
    content.is === 'failure' ? [message(content.failure.message)] : say`too little could be read`;
  const body = fillSlot(issue.body, CHECKED, checkedLines(stage, why));
  const { updateIssue } = await stage.github();
  if (body !== null) await updateIssue(issue.number, { body });
  return issue.url;
}

async function recover(stage: Stage, issue: Issue | null, document: PlanDocument): Promise<string | null> {
  if (issue === null || !issue.isOpen) return null;
  const github = await stage.github();
  const run = referenceOf(stage, stampOf(stage));
  const said = say`${document.workspace.target ?? document.workspace.host} is as it was applied again`;
  await github.createComment(issue.number, `${markdown(said)} ([${run.label}](<${run.url}>)).`);
  await github.updateIssue(issue.number, { state: 'closed' });
  return issue.url;
}

type Drifted = {
  readonly naming: Naming;
  readonly document: PlanDocument;
  /** The change to the file that would take it over, as lines of a diff. */
  readonly accept: readonly string[];
};

async function tellDrift(stage: Stage, issue: Issue | null, drifted: Drifted): Promise<string> {
  const github = await stage.github();
  const body = bodyOf(stage, drifted);
  if (issue === null) {
    const { driftLabels: labels, driftAssignees: assignees } = stage.settings;
    return (await github.createIssue({ title: driftTitle(drifted.naming), body, labels, assignees })).url;
  }
  if (issue.isOpen && isSameBut(issue.body, body)) return issue.url;
  const change = issue.isOpen ? { body } : { body, state: 'open' as const };
  return (await github.updateIssue(issue.number, change)).url;
}

const CHECKED: Slot = { name: 'checked', target: null };

/** The time of the last look alone is no news. */
function isSameBut(before: string, after: string): boolean {
  const timeless = (body: string): string => (fillSlot(body, CHECKED, []) ?? body).trimEnd();
  return timeless(before) === timeless(after);
}

function bodyOf(stage: Stage, { naming, document, accept }: Drifted): string {
  const checked = slotMarkdown(CHECKED, checkedLines(stage, null)).join('\n');
  const options = (detail: DriftIssueOptions['detail']): DriftIssueOptions => ({
    ...naming,
    link: pageOf(stage).link,
    detail,
    accept,
    muteUntil: new Date(stage.host.clock() + MUTE_MS).toISOString().slice(0, 10),
  });
  const bare = { ...document, changes: [], notes: [], diagnostics: [] };
  return fit(
    COMMENT_LIMIT,
    (detail) => `${renderDriftIssue(document, options(detail))}\n${checked}\n`,
    () => `${renderDriftIssue(bare, options(EVERYTHING))}\n${checked}\n`,
    document.changes.length,
  );
}

function checkedLines(stage: Stage, why: Phrase | null): readonly string[] {
  const stamp = stampOf(stage);
  return checkedMarkdown(stamp.at, referenceOf(stage, stamp), why);
}
