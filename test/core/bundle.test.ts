import { describe, expect, test } from '@jest/globals';
import { deployed, readOwner, statePath } from '../../src/core/bundle.ts';

const COMMIT = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
const JOB = { section: 'jobs', id: '9007199254740993' };

type Git = Readonly<Record<string, unknown>>;

/** As `databricks bundle deploy` writes it; `resources` replaces those of the bundle. */
function metadata(git: Git = {}, resources?: unknown): Record<string, unknown> {
  const own = {
    jobs: {
      other: { id: '1', relative_path: 'other.yml' },
      etl: { id: JOB.id, relative_path: 'resources/etl.yml' },
    },
    pipelines: { refined: { id: '0e5b-1', relative_path: 'resources/refined.yml' } },
  };
  const told = {
    branch: 'main',
    origin_url: 'git@github.com:acme/etl.git',
    commit: COMMIT,
    bundle_root_path: '.',
  };
  return {
    version: 1,
    config: {
      bundle: { git: { ...told, ...git } },
      workspace: { file_path: '/Workspace/Users/sp/.bundle/etl/prod/files' },
      resources: resources ?? own,
      presets: { source_linked_deployment: false },
    },
    extra: {},
  };
}

const read = (value: unknown, made = JOB): ReturnType<typeof readOwner> =>
  readOwner(typeof value === 'string' ? value : JSON.stringify(value), made);

describe('statePath', () => {
  test.each([
    [
      '/Workspace/Users/sp@acme.test/.bundle/etl/prod/state/metadata.json',
      '/Users/sp@acme.test/.bundle/etl/prod/state/metadata.json',
    ],
    ['/Users/sp/.bundle/etl/prod/state/metadata.json', '/Users/sp/.bundle/etl/prod/state/metadata.json'],
    ['/Workspace/Workspace/Shared/a b/state/metadata.json', '/Shared/a b/state/metadata.json'],
  ])('%s is read as %s', (path, sent) => {
    expect(statePath(path)).toBe(sent);
  });

  test.each([
    '',
    '/state/metadata.json',
    'Users/sp/state/metadata.json',
    '/Users/sp/metadata.json',
    '/Users/sp/state/metadata.json/',
    '/Users/sp/state/metadata.json.bak',
    '/Users/sp/state/Metadata.json',
    '/Users/sp/mystate/metadata.json',
    '/Users/sp/../boss/state/metadata.json',
    '/Users/./sp/state/metadata.json',
    '/Users//sp/state/metadata.json',
    '//Users/sp/state/metadata.json',
    '/Users/sp\n/state/metadata.json',
    '/Users/sp\u202E/state/metadata.json',
    String.raw`/Users/sp\..\boss/state/metadata.json`,
    `/Users/${'x'.repeat(1_000)}/state/metadata.json`,
    'dbfs:/Users/sp/state/metadata.json',
  ])('%j is not read', (path) => {
    expect(statePath(path)).toBeNull();
  });
});

describe('readOwner', () => {
  test('tells repository, branch, commit, file and key', () => {
    expect(read(metadata({ bundle_root_path: 'bundles/etl' }))).toEqual({
      repository: 'github.com/acme/etl',
      url: `https://github.com/acme/etl/blob/${COMMIT}/bundles/etl/resources/etl.yml`,
      branch: 'main',
      commit: COMMIT,
      file: 'bundles/etl/resources/etl.yml',
      key: 'etl',
      why: null,
    });
  });

  test('reads pipelines in the same way', () => {
    expect(read(metadata(), { section: 'pipelines', id: '0e5b-1' })).toMatchObject({
      key: 'refined',
      file: 'resources/refined.yml',
    });
  });

  test('reads what the first versions wrote', () => {
    const { config } = metadata() as { config: { resources: { jobs: unknown } } };
    const early = {
      version: 1,
      config: {
        bundle: { git: { origin_url: 'https://github.com/acme/etl', commit: COMMIT } },
        workspace: { file_path: '/x' },
        resources: { jobs: config.resources.jobs },
      },
    };
    expect(read(early)).toMatchObject({ branch: null, file: 'resources/etl.yml', key: 'etl' });
  });

  test('says what a bundle outside of git knows', () => {
    const { version, config } = metadata() as { version: number; config: Record<string, unknown> };
    expect(read({ version, config: { ...config, bundle: {} } })).toEqual({
      repository: null,
      url: null,
      branch: null,
      commit: null,
      file: 'resources/etl.yml',
      key: 'etl',
      why: null,
    });
  });

  test.each<[string, Git, string, object]>([
    [
      'a token in the address',
      { origin_url: 'https://x:ghp_1@github.com/acme/etl' },
      'e.yml',
      { repository: 'github.com/acme/etl' },
    ],
    ['a repository on a disk', { origin_url: '/home/me/etl' }, 'e.yml', { repository: null, url: null }],
    [
      'a commit that is none',
      { commit: '$(rm -rf /)' },
      'e.yml',
      { commit: null, url: 'https://github.com/acme/etl' },
    ],
    ['a file beside the bundle', { bundle_root_path: 'a/b' }, '../jobs.yml', { file: 'a/jobs.yml' }],
    ['a file outside of the repository', { bundle_root_path: 'a' }, '../../jobs.yml', { file: null }],
    ['an absolute file', {}, '/etc/passwd', { file: null }],
    ['an absolute root', { bundle_root_path: '/etc' }, 'passwd', { file: null }],
    ['a file that is not told', {}, '', { file: null }],
  ])('tells no more than it can of %s', (_name, git, relative_path, expected) => {
    const jobs = { etl: { id: JOB.id, relative_path } };
    expect(read(metadata(git, { jobs }))).toMatchObject({ ...expected, why: null });
  });

  test.each<[string, unknown, string]>([
    ['no JSON', '{', 'is not JSON'],
    ['a list', [], 'the whole is no object'],
    ['null', 'null', 'the whole is no object'],
    ['another version', { ...metadata(), version: 2 }, 'its version is not 1'],
    ['no version', { config: {} }, 'its version is not 1'],
    ['a config that is a text', { version: 1, config: 'x' }, 'config is no object'],
    ['a branch that is a number', metadata({ branch: 7 }), 'config.bundle.git.branch is no text'],
    ['a long branch', metadata({ branch: 'x'.repeat(501) }), 'longer than 500'],
    ['jobs in a list', metadata({}, { jobs: [] }), 'config.resources.jobs is no object'],
    [
      'a job that is a text',
      metadata({}, { jobs: { etl: JOB.id } }),
      'config.resources.jobs.etl is no object',
    ],
    [
      'an id that is a number',
      metadata({}, { jobs: { etl: { id: 1 } } }),
      'config.resources.jobs.etl.id is no text',
    ],
    [
      'a key with a line break',
      metadata({}, { jobs: { 'a\nb': { id: JOB.id } } }),
      'none that a bundle may have',
    ],
    ['another job', metadata({}, { jobs: { etl: { id: '1' } } }), 'does not name it'],
    ['no job', metadata({}, {}), 'does not name it'],
    ['the id under pipelines', metadata({}, { pipelines: { etl: { id: JOB.id } } }), 'does not name it'],
  ])('tells nothing of %s', (_name, value, why) => {
    const owner = read(value);
    expect(owner.why).toContain(why);
    expect(Object.values(owner).filter((told) => told !== null)).toEqual([owner.why]);
  });
});

describe('deployed', () => {
  test.each([
    ['BUNDLE', '/a', ['bundle'], '/a'],
    ['BUNDLE', '', ['bundle'], undefined],
    ['SYSTEM_MANAGED', '/a', ['system-managed'], undefined],
    ['', '/a', [], undefined],
  ])('as %s with %j is in the way with %j', (kind, metadataPath, reasons, path) => {
    const found = deployed('pipeline', { kind, metadataPath });
    expect(found.obstacles.map(({ reason }) => reason)).toEqual(reasons);
    expect(found.metadataPath).toBe(path);
    for (const { message } of found.obstacles) expect(message).toContain('this pipeline');
  });
});
