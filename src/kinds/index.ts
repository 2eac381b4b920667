import { destination } from './destination/kind.ts';
import { job } from './job/kind.ts';
import { pipeline } from './pipeline/kind.ts';
import { registryWebhook } from './registry-webhook/kind.ts';
import type { JsonSchema, Kind } from './kind.ts';

/** The registry: one line a kind. Order means nothing; references order the work. */
export const KINDS: readonly Kind[] = [destination, job, pipeline, registryWebhook];

/** Every section of the file that kinds read, with the schema of one entry. */
export const SECTIONS: readonly { readonly section: string; readonly schema: JsonSchema }[] = KINDS.flatMap(
  ({ section, schema, byRule }) => [{ section, schema }, ...(byRule === undefined ? [] : [byRule])],
);
