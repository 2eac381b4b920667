import type { PlanDocument } from '../core/document.ts';
import { dispatchCommand } from './command.ts';
import { type Detail, clipTexts } from './detail.ts';
import { driftMarkdownSections, driftPhrase, isOnlyUncovered } from './drift.ts';
import { codeSpan, fenced, ownLink } from './escape.ts';
import { inComment } from './marker.ts';
import { minuteOf } from './moment.ts';
import { spaced } from './page.ts';
import { type Phrase, markdown } from './phrase.ts';
import type { Reference } from './review.ts';

export type DriftIssueOptions = {
  readonly config: string;
  readonly target: string | null;
  /** Web address of a line of the configuration. */
  readonly link: (file: string, line: number) => string;
  readonly detail: Detail;
  /** The change to the file that would take over what is there now; empty where it cannot be made. */
  readonly accept: readonly string[];
  /** A day that a mute could last until, `YYYY-MM-DD`. */
  readonly muteUntil: string;
};

/** The first line of the issue about one configuration and target, whole. */
export function driftMarker({ config, target }: Pick<DriftIssueOptions, 'config' | 'target'>): string {
  return `<!-- lakebell:drift ${inComment({ config, target })} -->`;
}

export function driftTitle({ config, target }: Pick<DriftIssueOptions, 'config' | 'target'>): string {
  return `lakebell: drift in ${config}${target === null ? '' : `/${target}`}`;
}

/** The body of the issue, but for when it was last looked at: the same drift gives the same text. */
export function renderDriftIssue(whole: PlanDocument, options: DriftIssueOptions): string {
  const document = clipTexts(whole, options.detail.text);
  return `${spaced([
    [driftMarker(options)],
    [`### ${markdown(driftPhrase(document))}`],
    ...driftMarkdownSections(document, options),
    ...waysOn(document, options),
  ]).join('\n')}\n`;
}

/** When and by which run it was last looked at. */
export function checkedMarkdown(at: number, run: Reference, why: Phrase | null): readonly string[] {
  const time = minuteOf(at);
  const said = why === null ? '' : `; it came to no conclusion: ${markdown(why)}`;
  return [`<sub>Last checked ${time}, ${ownLink(run.label, run.url)}${said}</sub>`];
}

function waysOn(
  document: PlanDocument,
  { accept, muteUntil, detail }: DriftIssueOptions,
): readonly (readonly string[])[] {
  const [first] = document.changes;
  const mute = [
    'settings:',
    '  mutes:',
    `    - { address: ${JSON.stringify(first?.address ?? '*')}, until: ${muteUntil}, why: "who asked for it" }`,
  ];
  if (isOnlyUncovered(document)) return coverMarkdown(document);
  const isWhole = accept.length <= detail.foldLines;
  return [
    ['#### Three ways on'],
    [
      '**Put it back**: approve the plan of now, whose digest this is.',
      '',
      ...fenced('sh', dispatchCommand(document)),
    ],
    isWhole && accept.length > 0
      ? [
          '**Take it over**: make this change to the file, or let `lakebell drift --accept` make it.',
          '',
          ...fenced('diff', accept),
        ]
      : ['**Take it over**: `lakebell drift --accept` writes it into the file.'],
    [
      '**Leave it for a while**: say so in the file, with the day until when and why.',
      '',
      ...fenced('yaml', mute),
    ],
    digestMarkdown(document),
  ];
}

/** Nobody did anything by hand: there is nothing to take over, and nothing to be left. */
function coverMarkdown(document: PlanDocument): readonly (readonly string[])[] {
  const lead = '**Cover them**: approve the plan of now, whose digest this is.';
  return [[lead, '', ...fenced('sh', dispatchCommand(document))], digestMarkdown(document)];
}

function digestMarkdown({ config, digest }: PlanDocument): readonly string[] {
  return [`<sub>${codeSpan(config.name)} · digest ${codeSpan(digest)}</sub>`];
}
