import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { renderDist } from './build.ts';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

/** What a user runs must be what the sources say: dist/ is built again and compared byte by byte. */
const built = await renderDist();
const committed = await readdir(DIST).catch(() => []);
const stale = [...new Set([...built.keys(), ...committed])].sort();
const differing = [];
for (const name of stale) {
  const text = await readFile(DIST + name, 'utf8').catch(() => undefined);
  if (text !== built.get(name)) differing.push(name);
}
if (differing.length > 0) process.stderr.write(`dist/ is stale (${differing.join(', ')}): npm run build\n`);
else process.stdout.write('dist: what is committed is what the sources build\n');
process.exitCode = differing.length > 0 ? 1 : 0;
