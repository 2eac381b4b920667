import type { RawError } from '../raw-error.ts';

export declare const validate: {
  (document: unknown): boolean;
  errors?: readonly RawError[] | null;
};
