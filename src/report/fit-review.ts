import { fit } from './fit.ts';
import { type Review, type ReviewOptions, namesIn, renderBareReview, renderReview } from './review.ts';

/** The page in as much detail as a limit allows. */
export function fitReview(limit: number, review: Review, options: Omit<ReviewOptions, 'detail'>): string {
  return fit(
    limit,
    (detail) => renderReview(review, { ...options, detail }),
    () => renderBareReview(review, options),
    namesIn(review),
  );
}
