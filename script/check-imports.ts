import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import { IMPORT_RULES, type ImportRule } from './import-rules.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Type imports count too: what a file may not know, it may not know by type either. */
const SPECIFIER =
  /(?:^|\n)(?:import|export)\s[^;']*?from '([^']+)'|\bimport\(\s*'([^']+)'\s*\)|(?:^|\n)import '([^']+)'/g;

/** Every import of a source text that the rule does not allow, each with the rule's reason. */
export function judgeImports(file: string, text: string, rule: ImportRule | undefined): readonly string[] {
  if (rule === undefined)
    return [`${file}: no rule says what it may import; add one to script/import-rules.ts`];
  const allowed = new RegExp(`^(?:${rule.allow.join('|')})`);
  return specifiersIn(text)
    .filter((specifier) => !allowed.test(specifier))
    .map((specifier) => `${file}: may not import '${specifier}': ${rule.reason}`);
}

/** Over the whole of src/; the last rule that names a file is the one that counts. */
export function checkImports(): readonly string[] {
  const ruleOf = new Map<string, ImportRule>();
  for (const rule of IMPORT_RULES) {
    const files = globSync([...rule.files], { cwd: ROOT });
    for (const file of files) ruleOf.set(file, rule);
  }
  const sources = globSync(['src/**/*.ts'], { cwd: ROOT, ignore: ['src/config/generated/**'] });
  return sources
    .sort()
    .flatMap((file) => judgeImports(file, readFileSync(ROOT + file, 'utf8'), ruleOf.get(file)));
}

export function specifiersIn(text: string): readonly string[] {
  return [...text.matchAll(SPECIFIER)].map(([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? '');
}

if (process.argv[1] === import.meta.filename) {
  const mistakes = checkImports();
  process.stdout.write(mistakes.length === 0 ? 'imports: every rule holds\n' : `${mistakes.join('\n')}\n`);
  process.exitCode = mistakes.length === 0 ? 0 : 1;
}
