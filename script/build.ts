import { readFile, readdir, rm, writeFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Metafile, build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** CommonJS packages inside an ES module ask for `require`; older Node versions get one line instead of a stack. */
const BANNER = `#!/usr/bin/env node
import { createRequire as lakebellRequire } from 'node:module';
const require = lakebellRequire(import.meta.url);
{
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    process.stderr.write('lakebell needs Node.js 20.19 or newer; this is ' + process.version + '\\n');
    process.exit(1);
  }
}`;

/** Files of dist/ by name; the same bytes for the same sources. */
export async function renderDist(): Promise<ReadonlyMap<string, string>> {
  const bundle = await build({
    absWorkingDir: ROOT,
    entryPoints: { cli: 'src/cli.ts' },
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    legalComments: 'none',
    banner: { js: BANNER },
    metafile: true,
    write: false,
  });
  const files = bundle.outputFiles.map(
    ({ path, text }) => [path.slice(path.lastIndexOf('/') + 1), text] as const,
  );
  const licences = await renderLicences(bundle.metafile);
  const manifest = '{ "type": "module" }\n';
  return new Map([...files, ['licenses.txt', licences], ['package.json', manifest]]);
}

/** The licence text of every package whose code is in the bundle. */
async function renderLicences(metafile: Metafile): Promise<string> {
  const folders = new Set(Object.keys(metafile.inputs).flatMap((path) => packageFolder(path) ?? []));
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
