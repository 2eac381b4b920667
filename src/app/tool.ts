/** Kept equal to package.json by test/architecture. */
export const TOOL = { name: 'lakebell', version: '0.1.0' } as const;
