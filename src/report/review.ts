import type { PlanDocument } from '../core/document.ts';
import type { MarkdownOptions } from './change-markdown.ts';
import { type Detail, EVERYTHING, clipText, clipTexts, firstOf } from './detail.ts';
import { dispatchCommand, isRefused } from './command.ts';
import { driftMarkdownSections, driftPhrase } from './drift.ts';
import { codeSpan, fenced, link, ownLink } from './escape.ts';
import { findingsMarkdown, planMarkdownParts } from './markdown.ts';
import { outcomesMarkdownParts } from './outcomes-markdown.ts';
import { minuteOf } from './moment.ts';
import { outcomesVerdictPhrase } from './outcomes.ts';
import { slotMarkdown } from './marker.ts';
import { type Phrase, markdown, message, say } from './phrase.ts';
import { remedyMarkdown } from './remedy.ts';
import type { Content, Failure, Review, Section } from './review-content.ts';
import { spaced } from './page.ts';
import { briefPhrase, headlinePhrase, isApplicable, pendingCount, verdictPhrase } from './verdict.ts';
import { plural } from './words.ts';

export type { Content, Failure, Provenance, Reference, Review, Section } from './review-content.ts';

export type ReviewOptions = Pick<MarkdownOptions, 'link'> & {
  readonly detail?: Detail;
  /** Where all of it can be read, said where this is not all of it. */
  readonly elsewhere: Phrase;
};

/** The whole page: verdict, then a section for each target, then where it comes from. */
export function renderReview(review: Review, options: ReviewOptions): string {
  const { detail = EVERYTHING, elsewhere } = options;
  const { sections, warnings } = review;
  const asides = [
    ...clipTexts(warnings, detail.text).map(warningMarkdown),
    ...(detail === EVERYTHING ? [] : [[`**Shortened to fit:** ${markdown(elsewhere)}`]]),
  ];
  const [only, ...others] = sections;
  const page =
    only !== undefined && others.length === 0
      ? onePage(only, asides, { ...options, detail })
      : manyPages(sections, asides, { ...options, detail });
  return `${spaced([...page, provenanceMarkdown(review)]).join('\n')}\n`;
}

type Lines = readonly string[];

/** The verdict and its counts come first, whatever else there is to say. */
function onePage(section: Section, asides: readonly Lines[], options: SectionOptions): readonly Lines[] {
  const lines = sectionMarkdown(section, options, 3);
  const heading = lines.findIndex(([first]) => first?.startsWith('#'));
  const head = heading + (section.content.is === 'plan' ? 2 : 1);
  return [...lines.slice(0, head), ...asides, ...lines.slice(head)];
}

function manyPages(
  sections: readonly Section[],
  asides: readonly Lines[],
  options: SectionOptions,
): readonly Lines[] {
  return [
    indexMarkdown(clipTexts(sections.map(briefly), options.detail.text)),
    ...asides,
    ...sections.flatMap((section) => [['---'], ...sectionMarkdown(section, options, 4)]),
    ['---'],
  ];
}

/** The shortest that still says what happens and where the rest is; bounded, however much there is. */
export function renderBareReview(review: Review, { elsewhere }: ReviewOptions): string {
  const sections = review.sections.map((section) => clipTexts(briefly(section), BARE_TEXT));
  return `${spaced([
    indexMarkdown(sections),
    ...clipTexts(review.warnings, BARE_TEXT).slice(0, BARE_WARNINGS).map(warningMarkdown),
    [`**Shortened to fit:** ${markdown(elsewhere)}`],
    // The places that an apply writes into are those of the whole names.
    ...review.sections
      .slice(0, TARGETS_SHOWN)
      .flatMap(({ target, outlook }) => slotsMarkdown(target, outlook)),
    provenanceMarkdown(review),
  ]).join('\n')}\n`;
}

/** How many changes the page names where nothing is left out. */
export function namesIn({ sections }: Review): number {
  return sections.reduce((sum, { content }) => sum + namedBy(content), 0);
}

function namedBy(content: Content): number {
  const isPlan = content.is === 'plan' || content.is === 'stopped';
  return isPlan ? content.document.changes.filter(({ verb }) => verb !== 'noop').length : 0;
}

// Somebody else's character may take eight of ours, as \u{200B} does.
const BARE_TEXT = 40;
const BARE_WARNINGS = 5;
const TARGETS_SHOWN = 40;

/** The same without the workspace, beside its name. */
function briefOf(content: Content): Phrase {
  return content.is === 'plan' ? briefPhrase(content.document) : verdictOfContent(content);
}

/** One line: what the page says of a target. */
export function verdictOfContent(content: Content): Phrase {
  switch (content.is) {
    case 'plan':
      return verdictPhrase(content.document);
    case 'outcome':
      return outcomesVerdictPhrase(content.document);
    case 'drift':
      return driftPhrase(content.document);
    case 'checked':
      return content.diagnostics.some(({ severity }) => severity === 'error')
        ? say`The configuration has mistakes`
        : say`The configuration is valid; no plan was made`;
    case 'stopped':
      return say`Not applied: ${message(content.failure.message)}`;
    case 'failure':
      return say`No plan: ${message(content.failure.message)}`;
  }
}

function indexMarkdown(sections: readonly Pick<Section, 'target' | 'content'>[]): readonly string[] {
  const pending = sections.reduce((sum, { content }) => sum + pendingIn(content), 0);
  const lines = sections.map(
    ({ target, content }) => `- ${iconOf(content)}${codeSpan(target ?? '')}: ${markdown(briefOf(content))}`,
  );
  const title = `### ${plural(pending, 'change')} in ${plural(sections.length, 'workspace')}`;
  return [title, '', ...firstOf(lines, TARGETS_SHOWN)];
}

/** What an eye that runs over a page must catch: that something is stopped, or that there is nothing to read. */
function iconOf(content: Content): string {
  if (content.is === 'failure' || content.is === 'stopped') return '⛔ ';
  if (content.is !== 'plan') return '';
  const { document } = content;
  if (isRefused(document)) return '⛔ ';
  if (!document.complete) return '⚠️ ';
  return pendingCount(document.summary) === 0 && document.summary.blocked === 0 ? '✅ ' : '';
}

/** What the index needs of a section: a plan without its changes. */
function briefly({ target, content }: Section): Pick<Section, 'target' | 'content'> {
  if (!('document' in content)) return { target, content };
  return { target, content: { ...content, document: { ...content.document, changes: [] } } };
}

function pendingIn(content: Content): number {
  return 'document' in content ? pendingCount(content.document.summary) : 0;
}

type SectionOptions = ReviewOptions & { readonly detail: Detail };

function sectionMarkdown(
  { target, content, outlook }: Section,
  options: SectionOptions,
  level: number,
): readonly (readonly string[])[] {
  const body = contentMarkdown(content, options, level);
  const source = 'document' in content ? [sourceMarkdown(content.document)] : [];
  const [status, last] = slotsMarkdown(target, clipTexts(outlook, options.detail.text));
  return [status ?? [], ...body, last ?? [], ...source];
}

/** What an apply will say, and what the merge will do; neither where no merge will do anything. */
function slotsMarkdown(target: string | null, outlook: Phrase | null): readonly (readonly string[])[] {
  if (outlook === null) return [];
  return [
    slotMarkdown({ name: 'status', target }, []),
    slotMarkdown({ name: 'outlook', target }, [`**On merge:** ${markdown(outlook)}`]),
  ];
}

function contentMarkdown(
  content: Content,
  options: SectionOptions,
  level: number,
): readonly (readonly string[])[] {
  const heading = '#'.repeat(level);
  switch (content.is) {
    case 'plan':
      return planMarkdown(content.document, options, heading);
    case 'outcome': {
      const { verdict, ...rest } = outcomesMarkdownParts(content.document, options);
      return [[`${heading} ${verdict}`], ...rest.sections];
    }
    case 'drift':
      return [
        [`${heading} ${markdown(driftPhrase(clipTexts(content.document, options.detail.text)))}`],
        ...driftMarkdownSections(content.document, options),
        findingsMarkdown(clipTexts(content.document.diagnostics, options.detail.text), options),
      ];
    case 'checked':
      return [
        [`${heading} ${markdown(verdictOfContent(content))}`],
        [markdown([message(clipText(content.why, options.detail.text))])],
        findingsMarkdown(clipTexts(content.diagnostics, options.detail.text), options),
      ];
    case 'stopped':
      return [
        ...failureMarkdown(content, options, heading),
        dispatchMarkdown(content.document),
        ...planMarkdown(content.document, options, `${heading}#`),
      ];
    case 'failure':
      return failureMarkdown(content, options, heading);
  }
}

function planMarkdown(
  document: PlanDocument,
  options: SectionOptions,
  heading: string,
): readonly (readonly string[])[] {
  const parts = planMarkdownParts(document, options);
  const { counts, alerts, names, rules, folds, leftAlone, findings } = parts;
  const shown = clipTexts({ ...document, changes: [] }, options.detail.text);
  return [
    [`${heading} ${iconOf({ is: 'plan', document })}${markdown(headlinePhrase(shown))}`],
    counts,
    alerts,
    remedyMarkdown(shown),
    names,
    rules,
    folds,
    leftAlone,
    findings,
  ];
}

/** What an approval of this plan is held against, and whose eyes it was read with. */
function sourceMarkdown(document: PlanDocument): readonly string[] {
  const digest = isApplicable(document) ? [`digest ${codeSpan(document.digest)}`] : [];
  const identity = `as ${codeSpan(clipText(document.workspace.identity, BARE_TEXT))}`;
  return [`<sub>${[...digest, identity].join(' · ')}</sub>`];
}

function failureMarkdown(
  content: Content & { readonly failure: Failure },
  options: SectionOptions,
  heading: string,
): readonly (readonly string[])[] {
  const shown = clipTexts(content, options.detail.text);
  const { hint, diagnostics } = shown.failure;
  return [
    [`${heading} ${iconOf(shown)}${markdown(verdictOfContent(shown))}`],
    hint === null ? [] : [markdown(say`What to do: ${message(hint)}`)],
    findingsMarkdown(diagnostics, options),
  ];
}

/** For whoever may start a workflow: the one that approves exactly this plan. */
function dispatchMarkdown(document: PlanDocument): readonly string[] {
  if (!isApplicable(document)) return [];
  const lead =
    'To approve exactly this by hand, where a workflow for that exists (`approve.yml` in our examples):';
  return [lead, '', ...fenced('sh', dispatchCommand(document))];
}

function warningMarkdown(warning: Phrase): readonly string[] {
  return ['> [!WARNING]', `> ${markdown(warning)}`];
}

function provenanceMarkdown({ config, provenance: { commit, run, at } }: Review): readonly string[] {
  const time = minuteOf(at);
  const pieces = [
    codeSpan(clipText(config, BARE_TEXT)),
    ...(commit === null ? [] : [`commit ${link(commit.label, commit.url)}`]),
    time,
    ...(run === null ? [] : [ownLink(run.label, run.url)]),
  ];
  return [`<sub>${pieces.join(' · ')}</sub>`];
}
