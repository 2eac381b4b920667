import { describe, expect, test } from '@jest/globals';
import { formatUserAgent } from '../../src/databricks/user-agent.ts';

const PARTS = { version: '0.1.0', nodeVersion: '24.1.0', platform: 'linux', authType: 'pat' };

describe('formatUserAgent', () => {
  test('follows the convention of the Databricks clients', () => {
    expect(formatUserAgent(PARTS)).toBe('lakebell/0.1.0 nodejs/24.1.0 os/linux auth/pat');
    expect(formatUserAgent({ ...PARTS, ci: 'github' })).toBe(
      'lakebell/0.1.0 nodejs/24.1.0 os/linux auth/pat cicd/github',
    );
  });

  test.each(['oauth-m2m', 'github-oidc'])('names the method %s', (authType) => {
    expect(formatUserAgent({ ...PARTS, authType })).toBe(
      `lakebell/0.1.0 nodejs/24.1.0 os/linux auth/${authType}`,
    );
  });

  test('lets nothing break out of the header', () => {
    expect(formatUserAgent({ ...PARTS, ci: 'a b/c\r\nx: ü' })).toMatch(/ cicd\/a-b-c--x---$/);
  });
});
