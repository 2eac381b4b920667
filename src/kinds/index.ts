import { destination } from './destination/kind.ts';
import { job } from './job/kind.ts';
import { pipeline } from './pipeline/kind.ts';
import { registryWebhook } from './registry-webhook/kind.ts';
import type { Kind } from './kind.ts';

/** The registry: one line a kind. Order means nothing; references order the work. */
export const KINDS: readonly Kind[] = [destination, job, pipeline, registryWebhook];
