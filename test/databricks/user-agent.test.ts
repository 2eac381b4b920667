import { describe, expect, test } from '@jest/globals';
import { ciIn, formatUserAgent } from '../../src/databricks/user-agent.ts';

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

describe('ciIn', () => {
  test.each([
    [{}, undefined],
    [{ GITHUB_ACTIONS: 'true', JENKINS_URL: 'https://ci.test' }, 'github'],
    [{ GITHUB_ACTIONS: 'false' }, undefined],
    [{ GITLAB_CI: 'true' }, 'gitlab'],
    [{ JENKINS_URL: 'https://ci.test' }, 'jenkins'],
    [{ JENKINS_URL: '' }, undefined],
    [{ TF_BUILD: 'True' }, 'azure-devops'],
    [{ TF_BUILD: 'true' }, undefined],
    [{ BITBUCKET_BUILD_NUMBER: '7' }, 'bitbucket'],
    [{ PROJECT_ID: 'p', BUILD_ID: 'b' }, undefined],
    [{ PROJECT_ID: 'p', BUILD_ID: 'b', PROJECT_NUMBER: '1', LOCATION: 'l' }, 'google-cloud-build'],
    [{ TFC_RUN_ID: 'run-1' }, 'tf-cloud'],
  ])('in %j is %s', (env, expected) => {
    expect(ciIn(env)).toBe(expected);
  });
});
