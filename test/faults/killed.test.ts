import { beforeAll, describe, expect, test } from '@jest/globals';
import { KILLS } from './accident.ts';
import { EVERY_VERB } from './every-verb.ts';
import { type Ground, groundOf } from './scenario.ts';
import { survive } from './survive.ts';

let ground: Ground;

beforeAll(async () => {
  ground = await groundOf(EVERY_VERB);
}, 60_000);

describe('a process that is killed', () => {
  test.each(KILLS.map((accident, index) => [accident.what, accident, 0.4 + 0.2 * index] as const))(
    '(%s) leaves a workspace that the next run brings to the end',
    async (_what, accident, share) => {
      const at = Math.round(ground.requests.length * share);
      expect(await survive(ground, { accident, at, approval: 'digest', listLag: 0 })).toEqual({
        isMet: true,
        wrong: null,
      });
    },
    60_000,
  );
});
