/** How much configuration is read at all; a file from a pull request must not be able to stall a run. */
export const LIMITS = {
  fileBytes: 1024 * 1024,
  totalBytes: 4 * 1024 * 1024,
  files: 200,
  depth: 40,
  /** Values that aliases of one file may stand for, all together. */
  aliasedValues: 10_000,
  /** What variables may add, all together: list items, and hundreds of characters. */
  substitutedSize: 200_000,
} as const;
