import { describe, expect, test } from '@jest/globals';
import type { PlanDocument } from '../../src/core/document.ts';
import type { JsonObject } from '../../src/sandbox/json.ts';
import type { SeedJob } from '../../src/sandbox/seed.ts';
import { openAction, scheduleTrigger } from '../support/action.ts';
import { type Bench, openBench } from '../support/cli.ts';

/** What docs/rules.md promises, tried on a workspace. */

const HEAD = 'version: 1\nsettings: { limits: { silenced: 9 } }\n';
const PROD = 'select: { tags: { env: prod } }';

function mails(...names: readonly string[]): string {
  return `email_notifications: { on_failure: [${names.map((name) => `${name}@company.test`).join(', ')}] }`;
}

function job(id: string, name: string, tags: JsonObject = { env: 'prod' }): SeedJob {
  const live = { on_failure: ['ann@company.test'] };
  return { job_id: id, settings: { name, tags, email_notifications: live } };
}

function told({ changes }: PlanDocument): readonly string[] {
  return changes.map(({ verb, address, blocked }) =>
    [verb, address, ...(blocked === null ? [] : [blocked.reason])].join(' '),
  );
}

/** The names of those who are told of a failure of job 1 after an apply, and the codes of what was said. */
async function comesTo(config: string): Promise<readonly [string, readonly string[]]> {
  const bench = await openBench({ seed: { jobs: [job('1', 'etl')] } }, HEAD + config);
  const { changes, diagnostics } = await bench.document('apply', '--auto-approve');
  const blocked = changes.flatMap((change) => change.blocked?.reason ?? []);
  return [failureMails(bench, '1'), [...diagnostics.map(({ code }) => code), ...blocked]];
}

function failureMails({ sandbox }: Bench, id: string): string {
  const found = sandbox.snapshot().jobs.find(({ job_id }) => job_id === id);
  const { on_failure: list = [] } = (found?.settings['email_notifications'] ?? {}) as {
    readonly on_failure?: readonly string[];
  };
  return list.map((address) => address.replace('@company.test', '')).join(' ');
}

const entry = (...parts: readonly string[]): string => `jobs:\n  etl: { ${parts.join(', ')} }\n`;
const rules = (...parts: readonly string[]): string =>
  `rules:\n${parts.map((part, at) => `  r${at}: { ${part} }\n`).join('')}`;
const ensure = (...names: readonly string[]): string => `${PROD}, ${mails(...names)}`;
const exact = (select: string, ...names: readonly string[]): string =>
  `select: { ${select} }, mode: exact, ${mails(...names)}`;
const FORBID_B = 'select: { name: "e*" }, mode: forbid, notify: { on_failure: ["b*@company.test"] }';

describe('when several statements meet', () => {
  test.each([
    ['rules ensure', rules(ensure('bob'), ensure('cem')), 'ann bob cem', []],
    ['the entry ensures too', entry('mode: ensure', mails('bob')) + rules(ensure('cem')), 'ann bob cem', []],
    ['the entry is exact', entry(mails('bob')) + rules(ensure('cem')), 'bob', ['overridden']],
    ['the rule is content', entry(mails('bob', 'cem')) + rules(ensure('cem')), 'bob cem', []],
    ['an exact entry is forbidden', entry(mails('bob')) + rules(FORBID_B), 'bob', ['overridden']],
    ['a rule is exact', rules(exact('name: etl', 'bob'), ensure('cem')), 'bob', ['overridden']],
    [
      'exact rules agree',
      rules(exact('name: etl', 'bob', 'cem'), exact('name: "et*"', 'cem', 'bob')),
      'bob cem',
      [],
    ],
    [
      'exact rules differ',
      rules(exact('name: etl', 'bob'), exact('name: "et*"', 'cem')),
      'ann',
      ['contradiction'],
    ],
    ['what a rule states is forbidden', rules(ensure('bob'), FORBID_B), 'ann', ['contradiction']],
    ['what is there is forbidden', rules(FORBID_B.replace('b*', 'a*')), '', []],
  ])('and %s', async (_what, config, recipients, said) => {
    const [names, codes] = await comesTo(config);
    expect([names.split(' ').sort().join(' '), codes]).toEqual([recipients, said]);
  });
});

describe('what goes, and what stays', () => {
  const RULE = `  page: { ${PROD}, ${mails('bob')} }\n`;

  async function applied(next: string, settings = ''): Promise<Bench> {
    const bench = await openBench(
      { seed: { jobs: [job('1', 'etl'), job('2', 'elt')] } },
      `${HEAD}rules:\n${RULE}`,
    );
    expect((await bench.lakebell('apply', '--auto-approve')).code).toBe(0);
    await bench.write(HEAD.replace('{ limits', `{ ${settings}limits`) + next);
    return bench;
  }
  const PRUNE = 'prune: true, ';

  test.each([
    ['the rule leaves the file', '', '', []],
    ['the rule leaves the file, with prune', '', PRUNE, ['update job/1', 'update job/2']],
    ['`select` is edited', `rules:\n${RULE.replace('{ tags', '{ name: etl, tags')}`, '', []],
    [
      '`select` is edited, with prune',
      `rules:\n${RULE.replace('{ tags', '{ name: etl, tags')}`,
      PRUNE,
      ['update job/2'],
    ],
    ['the rule gets another key', `rules:\n${RULE.replace('page', 'other')}`, PRUNE, []],
  ])('where %s', async (_what, next, settings, changes) => {
    const bench = await applied(next, settings);
    expect(told(await bench.document('plan'))).toEqual(changes);
  });

  test('where the rule names somebody else', async () => {
    const bench = await applied(`rules:\n${RULE.replace('bob', 'cem')}`, PRUNE);
    await bench.lakebell('apply', '--auto-approve');
    expect(failureMails(bench, '1')).toBe('ann bob cem');
  });

  test.each(['', PRUNE])('where the job changes: %s', async (settings) => {
    const bench = await applied(`rules:\n${RULE}`, settings);
    bench.sandbox.poke.setJob('1', (live) => ({ ...live, tags: { env: 'dev' } }));
    expect(told(await bench.document('plan'))).toEqual(['detach job/1']);
    await bench.lakebell('apply', '--auto-approve');
    expect(failureMails(bench, '1')).toBe('ann bob');
  });

  test('where the job is deleted', async () => {
    const bench = await applied(`rules:\n${RULE}`);
    bench.sandbox.poke.deleteJob('1');
    expect(told(await bench.document('plan'))).toEqual([]);
    expect((await bench.document('drift')).drift).toEqual({ edited: 0, deleted: 0, uncovered: 0 });
  });
});

describe('`approve: rules`', () => {
  const CONFIG = `${HEAD}jobs:
  own: { mode: ensure, ${mails('own')} }
rules:
  page: { ${PROD}, ${mails('bob')} }
  exactly: { select: { tags: { team: fin } }, mode: exact, ${mails('fin')} }
`;

  async function scheduled(config: string, jobs: readonly SeedJob[]): Promise<Bench> {
    const bench = await openAction({ seed: { jobs: [job('1', 'etl'), job('9', 'own', {})] } }, CONFIG);
    await bench.lakebell('apply', '--auto-approve');
    for (const one of jobs) bench.sandbox.poke.addJob(one);
    await bench.write(config);
    const { code } = await bench.step(scheduleTrigger(), { mode: 'apply', approve: 'rules' });
    expect(code).toBe(0);
    return bench;
  }

  test('brings a new job under an applied rule, and waits with everything else', async () => {
    const bench = await scheduled(CONFIG, [job('2', 'new'), job('3', 'finance', { team: 'fin' })]);
    expect(['1', '2', '3'].map((id) => failureMails(bench, id))).toEqual(['ann bob', 'ann bob', 'ann']);
    expect(told(await bench.document('plan'))).toEqual(['update job/3']);
  });

  test('approves nothing of a rule that was edited, or has another key', async () => {
    const edited = CONFIG.replace('bob', 'cem').replace('own@', 'else@');
    const bench = await scheduled(edited, [job('2', 'new')]);
    expect(['1', '2', '9'].map((id) => failureMails(bench, id))).toEqual(['ann bob', 'ann', 'ann own']);
    const renamed = await scheduled(CONFIG.replace('page:', 'other:'), [job('2', 'new')]);
    expect(failureMails(renamed, '2')).toBe('ann');
  });

  test('puts back what somebody took away by hand', async () => {
    const bench = await openAction({ seed: { jobs: [job('1', 'etl'), job('9', 'own', {})] } }, CONFIG);
    await bench.lakebell('apply', '--auto-approve');
    bench.sandbox.poke.setJob('1', (live) => ({ ...live, email_notifications: {} }));
    await bench.step(scheduleTrigger(), { mode: 'apply', approve: 'rules' });
    expect(failureMails(bench, '1')).toBe('bob');
  });
});
