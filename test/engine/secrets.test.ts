import { describe, expect, test } from '@jest/globals';
import type { Comparison } from '../../src/core/diff.ts';
import { compareSecrets, missingSecrets } from '../../src/engine/secrets.ts';
import {
  aDestination,
  aField,
  anUpdate,
  aRecord,
  aRecorded,
  aSecret,
  kindNamed,
  recordedSecrets,
  unset,
} from '../support/builders.ts';

const PATH = 'slack.url';
const { rules } = kindNamed('destination');

describe('compareSecrets', () => {
  async function compare(
    url: ReturnType<typeof aSecret>,
    label: string | undefined,
  ): Promise<[Comparison, number]> {
    const resource = aDestination('slack', { slack: { url } });
    const secrets = label === undefined ? {} : recordedSecrets({ [PATH]: label });
    const record = aRecord({ [resource.address]: aRecorded(resource, { secrets }) });
    let asked = 0;
    const lookUp = await compareSecrets([resource], record, () => {
      asked += 1;
      return Promise.resolve('different');
    });
    return [lookUp(resource.address, PATH), asked];
  }

  test.each<[string, ReturnType<typeof aSecret>, string | undefined, [Comparison, number]]>([
    ['the same reference', aSecret('A'), 'A', ['different', 1]],
    ['another reference', aSecret('A'), 'B', ['unknown', 0]],
    ['no reference', aSecret('A'), undefined, ['unknown', 0]],
    ['a secret that is not set', unset('A'), 'A', ['unknown', 0]],
  ])('compares %s', async (_name, secret, label, expected) => {
    expect(await compare(secret, label)).toEqual(expected);
  });

  test('compares nothing without a record', async () => {
    const lookUp = await compareSecrets([aDestination()], null, () => Promise.reject(new Error('asked')));
    expect(lookUp('destination/team-slack', PATH)).toBe('unknown');
  });
});

describe('missingSecrets', () => {
  const resource = aDestination('slack', { slack: { oauth_token: unset('BOT'), channel_id: 'C1' } });
  const missing = (path: string) =>
    missingSecrets(
      [anUpdate({ resource, kind: 'destination', fields: [aField({ path })] })],
      () => rules,
    ).map(({ secret }) => secret.label);

  test('names what would be sent along with a change', () => {
    expect(missing('slack.channel_id')).toEqual(['(secret BOT)']);
    expect(missing('slack.oauth_token')).toEqual(['(secret BOT)']);
  });

  test('needs none for a rename, or where it has them', () => {
    expect(missing('display_name')).toEqual([]);
    expect(
      missingSecrets([anUpdate({ resource: aDestination(), fields: [aField({ path: PATH })] })], () => rules),
    ).toEqual([]);
  });
});
