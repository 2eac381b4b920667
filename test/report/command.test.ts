import { describe, expect, test } from '@jest/globals';
import { approveCommand, effort } from '../../src/report/command.ts';
import { aPlan } from './support/builders.ts';

const workspace = aPlan().workspace;

describe('approveCommand', () => {
  test('names configuration and target where they are not the usual ones', () => {
    const config = { name: 'x', files: ['teams/a.yml', 'b.yml'], sha256: '' };
    expect(approveCommand(aPlan({ config }))).toBe(
      'lakebell apply --config teams/a.yml --target prod --approve',
    );
    expect(approveCommand(aPlan({ workspace: { ...workspace, target: null } }))).toBe(
      'lakebell apply --approve',
    );
  });

  test('allows each refusing guard once', () => {
    const refusal = { guard: 'in_use', message: '', allow: 'in_use' };
    expect(approveCommand(aPlan({ refusals: [refusal, refusal] }))).toBe(
      'lakebell apply --target prod --allow in_use --approve',
    );
  });

  test('repairs what the plan repairs', () => {
    expect(approveCommand(aPlan({ repairs: ['dangling'] }))).toBe(
      'lakebell apply --target prod --repair dangling --approve',
    );
  });

  test.each(['$(reboot)', 'a b', '-x', 'a;b', '`id`', ''])(
    'leaves out the target %j that a shell could misread',
    (target) => {
      expect(approveCommand(aPlan({ workspace: { ...workspace, target } }))).toBe('lakebell apply --approve');
    },
  );
});

describe('effort', () => {
  test.each([
    [{ count: 1, retried: 0, seconds: 0.04 }, '1 request in 0 s'],
    [{ count: 1053, retried: 12, seconds: 61.25 }, '1,053 requests (12 retried) in 61.3 s'],
  ])('tells %j as "%s"', (requests, words) => {
    expect(effort(aPlan({ requests }))).toBe(words);
  });
});
