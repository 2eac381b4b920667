import { commitUrl, lineUrl, runUrl } from '../../host/github/run.ts';
import { type Phrase, say } from '../../report/phrase.ts';
import type { Provenance, Reference, Review, ReviewOptions } from '../../report/review.ts';
import type { Marker } from '../../report/marker.ts';
import type { Part } from './part.ts';
import { type Stage, plannedSha } from './stage.ts';

export type Told = { readonly part: Part; readonly outlook: Phrase | null };

/** Which run something is posted by, and when. */
export type Stamp = Pick<Marker, 'run' | 'attempt' | 'number' | 'at'>;

export function stampOf({ run, host }: Stage): Stamp {
  return { run: run.id, attempt: run.attempt, number: run.number, at: host.clock() };
}

/** What is posted about these parts. */
export function reviewOf(stage: Stage, told: readonly Told[], stamp: Stamp = stampOf(stage)): Review {
  return {
    config: told[0]?.part.naming.config ?? '',
    sections: told.map(({ part, outlook }) => ({
      target: part.naming.target,
      content: part.content,
      outlook,
    })),
    provenance: provenanceOf(stage, stamp),
    warnings: stage.notices.all(),
  };
}

/** How it is laid out here: places are links to the commit that reviewers see. */
export function pageOf(
  stage: Stage,
): ReviewOptions & { readonly link: (file: string, line: number) => string } {
  const { event, run } = stage;
  const repository = event.pull?.headRepository ?? run.repository;
  const sha = plannedSha(stage);
  return {
    link: (file, line) => lineUrl(run, { repository, sha, file, line }) ?? '',
    elsewhere: say`the summary of the run has more, and the file of its output ${'report-file'} has all of it`,
  };
}

export function referenceOf({ run: { serverUrl, repository } }: Stage, stamp: Stamp): Reference {
  const { run, attempt, number } = stamp;
  return { label: `run ${number}`, url: runUrl({ serverUrl, repository, id: run, attempt }) };
}

function provenanceOf(stage: Stage, stamp: Stamp): Provenance {
  const sha = plannedSha(stage);
  return {
    commit: { label: sha.slice(0, 8), url: commitUrl(stage.run, sha) },
    run: referenceOf(stage, stamp),
    at: stamp.at,
  };
}
