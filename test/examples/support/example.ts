import type { PlanDocument } from '../../../src/core/document.ts';
import { renderPlanText } from '../../../src/report/text.ts';
import { parseSeed } from '../../../src/sandbox/parse-seed.ts';
import { filesIn, textOf } from '../../architecture/source.ts';
import { type Bench, openBench } from '../../support/cli.ts';

/** The folders of examples/ with a configuration; examples/workflows has a workflow of that name. */
export const EXAMPLES = filesIn('examples/*/notifications.yml', '!examples/workflows/*').map(({ path }) =>
  String(path.split('/')[1]),
);

/** An example on the workspace that its README starts, with a value for each of its secrets. */
export async function openExample(name: string): Promise<Bench> {
  const bench = await openBench(
    { seed: parseSeed(textOf(`examples/${name}/seed.json`)) },
    textOf(`examples/${name}/notifications.yml`),
  );
  for (const variable of secretsIn(textOf(`examples/${name}/notifications.yml`)))
    bench.env[variable] = `https://secret.test/${variable}`;
  return bench;
}

/** Environment variables that a configuration reads as secrets. */
export function secretsIn(text: string): readonly string[] {
  return [...text.matchAll(/\$\{secrets\.(\w+)\}/g)].map(([, variable]) => String(variable));
}

/** The plan as a reader of the README sees it: from the root of the repository, on some port, at some speed. */
export function shownPlan(name: string, document: PlanDocument): string {
  const text = renderPlanText(shown(name, document), { width: 80 });
  return text.replace(/sha256:[0-9a-f]{64}/, 'sha256:…').replace(/\n[\d,]+ requests? .*\n$/, '\n');
}

/** What was planned in a folder of the bench, as if it had been planned in the repository's. */
export function shown(name: string, document: PlanDocument): PlanDocument {
  const [file = ''] = document.config.files;
  const moved = JSON.stringify(document).replaceAll(file, `examples/${name}/notifications.yml`);
  const there = JSON.parse(moved) as PlanDocument;
  return { ...there, workspace: { ...there.workspace, host: 'http://127.0.0.1:8080' } };
}
