import crypto from 'node:crypto';
import { describe, expect, jest, test } from '@jest/globals';
import type { Accident } from './accident.ts';
import { cheapScrypt } from './cheap-scrypt.ts';
import { EVERY_VERB } from './every-verb.ts';

jest.unstable_mockModule('node:crypto', () => ({ ...crypto, default: crypto, scrypt: cheapScrypt }));
const { DEATHS, MISHAPS } = await import('./accident.ts');
const { groundOf } = await import('./scenario.ts');
const { casesOf, survive } = await import('./survive.ts');

/** A prime, so that every accident meets requests of every kind; `npm run faults` tries all of them. */
const STRIDE = 89;

describe('an apply of which one request after another', () => {
  test.each<[string, readonly Accident[]]>([
    ['fails', MISHAPS],
    ['is the end of the process', DEATHS],
  ])(
    '%s converges when it is run again under the same approval',
    async (_what, accidents) => {
      const ground = await groundOf(EVERY_VERB);
      const wrong: string[] = [];
      for (const one of casesOf(ground, accidents).filter((_case, at) => at % STRIDE === 0)) {
        const fate = await survive(ground, one);
        if (fate.wrong !== null) wrong.push(`request ${one.at}, ${one.accident.what}: ${fate.wrong}`);
      }
      expect(wrong.join('\n')).toBe('');
    },
    120_000,
  );
});

describe('the scenario of the fault harness', () => {
  test('has every verb of every kind that can be declared', async () => {
    const { plan } = await groundOf(EVERY_VERB);
    const verbs = new Set(plan.changes.map(({ address, verb }) => `${address.split('/')[0]} ${verb}`));
    const whole = ['create', 'update', 'adopt', 'replace', 'delete', 'rotate', 'detach'];
    expect([...verbs].sort()).toEqual(
      [
        ...whole.flatMap((verb) => [`destination ${verb}`, `registry_webhook ${verb}`]),
        'job detach',
        'job update',
        'pipeline detach',
        'pipeline update',
      ].sort(),
    );
  });

  test('has rules of every mode with something to do', async () => {
    const { plan } = await groundOf(EVERY_VERB);
    const busy = (plan.rules ?? []).filter(({ pending }) => pending > 0).map(({ mode }) => mode);
    expect([...new Set(busy)].sort()).toEqual(['ensure', 'exact', 'forbid']);
  });
});
