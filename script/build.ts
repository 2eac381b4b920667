import { readFile, readdir, rm, writeFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, type BuildResult, type Metafile, build } from 'esbuild';
import { LEAN_START } from './lean-start.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** CommonJS packages inside an ES module ask for `require`. */
const REQUIRE = `import { createRequire as lakebellRequire } from 'node:module';
const require = lakebellRequire(import.meta.url);`;

/** Older Node versions get one line instead of a stack. */
const CLI_BANNER = `#!/usr/bin/env node
${REQUIRE}
{
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    process.stderr.write('lakebell needs Node.js 20.19 or newer; this is ' + process.version + '\\n');
    process.exit(1);
  }
}`;

/** Files of dist/ by name; the same bytes for the same sources. */
export async function renderDist(): Promise<ReadonlyMap<string, string>> {
  const [action, cli] = await Promise.all([
    bundle({ index: 'src/action.ts' }, { banner: { js: REQUIRE }, target: 'node24' }),
    bundle({ cli: 'src/cli.ts' }, { banner: { js: CLI_BANNER }, target: 'node20.19' }),
  ]);
  const inputs = { ...action.metafile.inputs, ...cli.metafile.inputs };
  const files = [...action.outputFiles, ...cli.outputFiles].map(
    ({ path, text }) => [path.slice(path.lastIndexOf('/') + 1), text] as const,
  );
  const manifest = '{ "type": "module" }\n';
  return new Map([...files, ['licenses.txt', await renderLicences(inputs)], ['package.json', manifest]]);
}

function bundle(
  entryPoints: Record<string, string>,
  options: Pick<BuildOptions, 'banner' | 'target'>,
): Promise<BuildResult<{ metafile: true; write: false }>> {
  return build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    format: 'esm',
    legalComments: 'none',
    // A quarter smaller and sooner started, and names and stack lines can still be read.
    minifyWhitespace: true,
    metafile: true,
    write: false,
    plugins: [LEAN_START],
    ...options,
  });
}

/** The licence text of every package whose code is in the bundle. */
async function renderLicences(inputs: Metafile['inputs']): Promise<string> {
  const folders = new Set(Object.keys(inputs).flatMap((path) => packageFolder(path) ?? []));
  const notices = await Promise.all([...folders].sort().map(renderLicence));
  return notices.join(`\n${'-'.repeat(80)}\n\n`);
}

function packageFolder(path: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

async function renderLicence(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(
    await readFile(join(ROOT, folder, 'package.json'), 'utf8'),
  ) as Record<string, string>;
  const file = (await readdir(join(ROOT, folder))).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file === undefined
      ? `(the package holds no licence file; package.json says ${license})`
      : await readFile(join(ROOT, folder, file), 'utf8');
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

async function writeDist(): Promise<void> {
  await rm(join(ROOT, 'dist'), { recursive: true, force: true });
  for (const [name, text] of await renderDist()) {
    const path = join(ROOT, 'dist', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { mode: name === 'cli.js' ? 0o755 : 0o644 });
  }
}

if (process.argv[1] === import.meta.filename) await writeDist();
