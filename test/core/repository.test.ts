import { describe, expect, test } from '@jest/globals';
import { pageOf, repositoryOf } from '../../src/core/repository.ts';

const COMMIT = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';

describe('repositoryOf', () => {
  test.each([
    ['https://github.com/acme/etl.git', 'github.com/acme/etl', 'https://github.com/acme/etl'],
    ['https://github.com/acme/etl/', 'github.com/acme/etl', 'https://github.com/acme/etl'],
    ['https://user:token@github.com/acme/etl', 'github.com/acme/etl', 'https://github.com/acme/etl'],
    ['https://github.com/acme/etl?access_token=t#t', 'github.com/acme/etl', 'https://github.com/acme/etl'],
    ['https://git.acme.test:8443/a/b.git', 'git.acme.test:8443/a/b', 'https://git.acme.test:8443/a/b'],
    [
      'https://acme@dev.azure.com/acme/p/_git/etl',
      'dev.azure.com/acme/p/_git/etl',
      'https://dev.azure.com/acme/p/_git/etl',
    ],
    ['http://git.acme.test/a/b', 'git.acme.test/a/b', null],
    ['git@github.com:acme/etl.git', 'github.com/acme/etl', 'https://github.com/acme/etl'],
    ['github.com:acme/etl.git', 'github.com/acme/etl', 'https://github.com/acme/etl'],
    ['git:token@github.com:acme/etl.git', 'github.com/acme/etl', 'https://github.com/acme/etl'],
    ['ssh://git:token@git.acme.test:22/a/b.git', 'git.acme.test:22/a/b', 'https://git.acme.test/a/b'],
    ['git@ssh.dev.azure.com:v3/acme/p/etl', 'ssh.dev.azure.com/v3/acme/p/etl', null],
    ['git://git.acme.test/a/b', 'git.acme.test/a/b', 'https://git.acme.test/a/b'],
  ])('%s is %s', (origin, name, url) => {
    expect(repositoryOf(origin)).toEqual({ name, url });
  });

  test.each([
    '',
    '/home/me/etl',
    '../etl',
    String.raw`C:\etl`,
    'C:/etl',
    'file:///home/me/etl',
    'javascript:alert(1)',
    'data:text/html,x',
    'www.host.com',
    'https://localhost/etl',
    'https://github.com',
    'git@github.com:a b',
    'git@github.com:a\u001Bb',
    'git@-\n.test:a',
  ])('%j names none', (origin) => {
    expect(repositoryOf(origin)).toBeNull();
  });
});

describe('pageOf', () => {
  const repository = { name: 'github.com/acme/etl', url: 'https://github.com/acme/etl' };

  test.each([
    ['https://github.com/acme/etl', `https://github.com/acme/etl/blob/${COMMIT}/a%20b/%23c.yml`],
    [
      'https://gitlab.acme.test/acme/etl',
      `https://gitlab.acme.test/acme/etl/-/blob/${COMMIT}/a%20b/%23c.yml`,
    ],
    ['https://git.acme.test/acme/etl', 'https://git.acme.test/acme/etl'],
    [null, null],
  ])('of %s is %s', (url, page) => {
    expect(pageOf({ ...repository, url }, COMMIT, 'a b/#c.yml')).toBe(page);
  });

  test.each([
    [null, 'a.yml'],
    [COMMIT, null],
  ])('is that of the repository for commit %s and file %s', (commit, file) => {
    expect(pageOf(repository, commit, file)).toBe(repository.url);
  });
});
