import type { Machine } from '../../src/databricks/auth/machine.ts';

/** A machine without files and programs. */
export const BARE_MACHINE: Machine = {
  readText: () => Promise.resolve(undefined),
  run: () => Promise.resolve(undefined),
};
