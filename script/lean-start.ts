import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Leaves out what axios loads and nothing here uses: Node's own `fetch` (35 ms at each start), forms and HTTP/2 (25 ms). */
export const LEAN_START: Plugin = {
  name: 'lean-start',
  setup: (build) => {
    // An `import` of it reads each export, and one of them is Node's WebSocket; `require` reads what is asked for.
    build.onResolve({ filter: /^(?:node:)?http$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'node:http', namespace: REQUIRED } : { external: true },
    );
    build.onLoad({ filter: /./, namespace: REQUIRED }, ({ path }) => ({
      contents: `module.exports = require('${path}');`,
    }));
    // Looked at only where a body is a form, or HTTP/2 is asked for.
    build.onResolve({ filter: /^(?:form-data|http2)$/ }, ({ path }) => ({ path, namespace: UNUSED }));
    build.onLoad({ filter: /./, namespace: UNUSED }, () => ({ contents: 'export default {};' }));
    // axios tries out each of its adapters; ours is always `http`.
    build.onLoad({ filter: /[\\/]axios[\\/]lib[\\/]adapters[\\/]fetch\.js$/ }, () => ({
      contents: 'export const getFetch = () => null; export default null;',
    }));
    // We send texts, and no forms.
    build.onLoad({ filter: /[\\/]axios[\\/]lib[\\/]utils\.js$/ }, async ({ path }) => ({
      contents: replaced(await readFile(path, 'utf8'), FORM_DATA, 'const FormDataCtor = undefined;'),
    }));
  },
};

const UNUSED = 'unused';
const REQUIRED = 'required';

const FORM_DATA = "const FormDataCtor = typeof G.FormData !== 'undefined' ? G.FormData : undefined;";

/** @throws Error where a newer version spells it in another way. */
function replaced(text: string, before: string, after: string): string {
  if (!text.includes(before)) throw new Error(`axios no longer says: ${before}`);
  return text.replace(before, after);
}
