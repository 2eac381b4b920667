import { describe, expect, test } from '@jest/globals';
import { COMMENT_LIMIT, fit } from '../../src/report/fit.ts';
import { renderMarker } from '../../src/report/marker.ts';
import { say } from '../../src/report/phrase.ts';
import { type Review, type ReviewOptions, renderBareReview, renderReview } from '../../src/report/review.ts';
import { expectGolden } from './support/golden.ts';
import { htmlOf } from './support/html.ts';
import { COMMENTS } from './support/comments.ts';
import { NAMES } from './support/plans.ts';

const HEAD = '0123abcd'.repeat(5);
const OPTIONS: ReviewOptions = {
  link: (file, line) => `https://github.com/acme/data/blob/${HEAD}/${encodeURI(file)}#L${line}`,
  elsewhere: say`the summary of the run has more, and the file of its output ${'report-file'} has all of it`,
};

/** As it is posted. */
function commentOf(review: Review): string {
  const targets = review.sections.map(({ target }) => target ?? '');
  const marker = { config: review.config, targets, head: HEAD, run: '77', attempt: 1, number: '12', at: 0 };
  const first = renderMarker(marker);
  return fit(
    COMMENT_LIMIT,
    (detail) => `${first}\n${renderReview(review, { ...OPTIONS, detail })}`,
    () => `${first}\n${renderBareReview(review, OPTIONS)}`,
  );
}

describe('the comment', () => {
  test.each(Object.entries(COMMENTS))('about %s reads as accepted and fits', (name, review) => {
    const text = commentOf(review);
    expectGolden(`comment-${name}.md`, text);
    expect(Math.max(text.length, Buffer.byteLength(text))).toBeLessThanOrEqual(COMMENT_LIMIT);
  });

  test.each(Object.entries(COMMENTS))(
    'about %s is well-formed HTML on GitHub, and links nowhere but home',
    (_name, review) => {
      const html = htmlOf(commentOf(review));
      const links = [...html.matchAll(/<a href="([^"]*)"/g)].map(([, url]) => url ?? '');
      expect(links.filter((url) => !url.startsWith('https://github.com/acme/data/'))).toEqual([]);
      expect(html).not.toMatch(/<(img|script|iframe|h1|h2|table|input|del)\b/);
      expect(html.match(/<details/g)?.length ?? 0).toBe(html.match(/<\/details>/g)?.length ?? 0);
    },
  );

  test('shows names of ten alphabets as they are', () => {
    const html = htmlOf(commentOf(COMMENTS['hostile']!));
    expect(NAMES.length).toBeGreaterThanOrEqual(10);
    for (const name of NAMES.filter((one) => !/[\u200B-\u200F]|\uFE0F|‍/u.test(one)))
      expect(html).toContain(name);
  });

  test('leaves the mention, the reference and the command of a hostile name without effect', () => {
    const text = htmlOf(commentOf(COMMENTS['hostile']!)).replaceAll(/<(code|pre)[^>]*>.*?<\/\1>/gsu, '');
    expect(text).not.toMatch(/@\w|#\d|GH-\d|:tada:|javascript:|evil\.test/);
  });
});
