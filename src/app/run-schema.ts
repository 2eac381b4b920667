import { hoist } from '../config/hoist.ts';
import { composeEditorSchema } from '../config/schema.ts';
import { EXIT, type ExitCode } from '../core/errors.ts';
import type { Host } from '../host/host.ts';
import { SECTIONS } from '../kinds/index.ts';

/** The JSON Schema of the configuration, for an editor that cannot reach the committed one. */
export function runSchema(host: Host): ExitCode {
  host.out(`${JSON.stringify(hoist(composeEditorSchema(SECTIONS)), null, 2)}\n`);
  return EXIT.done;
}
