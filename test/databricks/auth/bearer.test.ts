import { describe, expect, test } from '@jest/globals';
import { Secret } from '../../../src/core/secret.ts';
import { toBasic, toBearer, toField } from '../../../src/databricks/auth/bearer.ts';

function aSecret(text: string): Secret {
  return Secret.of('(secret X)', ['X'], text);
}

describe('toBasic', () => {
  test('leaves client id and secret as they are', () => {
    const { header } = toBasic('0f3a-9c', aSecret('do_se-1:+/%20é'));
    expect(Buffer.from(header.replace('Basic ', ''), 'base64').toString()).toBe('0f3a-9c:do_se-1:+/%20é');
  });

  test('masks the secret, alone and in the header', () => {
    const { header, mask } = toBasic('id', aSecret('s3cr3t'));
    expect(mask(`no ${header} and no s3cr3t`)).toBe('no Basic (secret) and no (secret)');
  });
});

describe('toBearer', () => {
  test('masks the token', () => {
    expect(toBearer(aSecret('dapi-1')).mask('dapi-1 is wrong')).toBe('(secret) is wrong');
  });
});

describe('toField', () => {
  test('masks the token and each of its parts', () => {
    const { text, mask } = toField(aSecret('header.payload.signature'));
    expect(text).toBe('header.payload.signature');
    expect(mask('header.payload.signature, payload, signature')).toBe('(secret), (secret), (secret)');
  });
});
