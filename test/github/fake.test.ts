import { getOctokit } from '@actions/github';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type FakeGitHub, GITHUB_ACTIONS, type Identity, shaOf, startFakeGitHub } from './fake.ts';
import { isViolation, type Prism, startPrism, violationIn } from './prism.ts';

const REPO = { owner: 'acme', repo: 'notifications' };
const OTHER_APP = { id: 4_711, slug: 'somebody-else' };
const TOKENS: Readonly<Record<string, Identity>> = {
  actions: GITHUB_ACTIONS,
  reader: {
    ...GITHUB_ACTIONS,
    permissions: { contents: 'read', issues: 'read', pull_requests: 'read', checks: 'read' },
  },
  blind: { ...GITHUB_ACTIONS, permissions: { issues: 'none', pull_requests: 'none', checks: 'none' } },
  pulls: { ...GITHUB_ACTIONS, permissions: { issues: 'none', pull_requests: 'write' } },
  other: { login: 'somebody-else[bot]', app: OTHER_APP },
  person: { login: 'mona' },
};

const HEAD = shaOf('head');

let fake: FakeGitHub;
let prism: Prism;

beforeAll(async () => {
  fake = await startFakeGitHub();
  prism = await startPrism(fake.url);
  fake.servePublicly(prism.url);
}, 20_000);

afterAll(async () => {
  await prism?.close();
  await fake?.close();
});

beforeEach(() => {
  fake.reset({ tokens: TOKENS });
  fake.openPull({ number: 7, headSha: HEAD, headRef: 'change' });
});

type Octokit = ReturnType<typeof getOctokit>;

function as(token: string): Octokit {
  return getOctokit(token, { baseUrl: prism.url });
}

type Failure = {
  readonly status: number;
  readonly message: string;
  readonly response: {
    readonly data: unknown;
    readonly headers: Readonly<Record<string, string | undefined>>;
  };
};

async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    return error as Failure;
  }
  throw new Error('the request was not refused');
}

describe('comments', () => {
  test('are written, listed and written again', async () => {
    const { rest } = as('actions');
    const created = await rest.issues.createComment({ ...REPO, issue_number: 7, body: 'The plan' });
    expect(created.data).toMatchObject({
      body: 'The plan',
      user: { login: 'github-actions[bot]', type: 'Bot' },
      performed_via_github_app: { id: 15_368, slug: 'github-actions' },
    });
    const { id } = created.data;
    const updated = await rest.issues.updateComment({ ...REPO, comment_id: id, body: 'Another plan' });
    expect(Date.parse(updated.data.updated_at)).toBeGreaterThan(Date.parse(created.data.updated_at));
    const listed = await rest.issues.listComments({ ...REPO, issue_number: 7 });
    expect(listed.data.map(({ body }) => body)).toEqual(['Another plan']);
    expect(fake.comments(7)).toMatchObject([{ id, body: 'Another plan', edits: 1, author: { type: 'Bot' } }]);
  });

  test('come in pages whose links stay behind the proxy', async () => {
    for (let index = 1; index <= 205; index += 1) fake.addComment(7, { login: 'mona', body: `${index}` });
    const { rest, paginate } = as('actions');
    const all = await paginate(rest.issues.listComments, { ...REPO, issue_number: 7, per_page: 100 });
    expect(all.map(({ body }) => Number(body))).toEqual(Array.from({ length: 205 }, (_, index) => index + 1));
    expect(fake.requests.map(({ query }) => query['page'])).toEqual([undefined, '2', '3']);
    const second = await rest.issues.listComments({ ...REPO, issue_number: 7, page: 2 });
    expect(second.data.length).toBe(30);
    expect(second.headers.link).toContain(
      `<${prism.url}/repos/acme/notifications/issues/7/comments?page=3>; rel="next"`,
    );
    expect(second.headers.link).toContain('page=7>; rel="last"');
  });

  test('are those of people and other apps too', async () => {
    const { id } = fake.addComment(7, { login: 'mona', body: 'looks good' });
    fake.addComment(7, { login: 'somebody-else[bot]', app: OTHER_APP, body: 'scanned' });
    fake.editComment(id, 'looks very good');
    const { data } = await as('actions').rest.issues.listComments({ ...REPO, issue_number: 7 });
    expect(data.map(({ body, user }) => [user?.login, user?.type, body])).toEqual([
      ['mona', 'User', 'looks very good'],
      ['somebody-else[bot]', 'Bot', 'scanned'],
    ]);
    fake.deleteComment(id);
    expect(fake.comments(7).length).toBe(1);
  });

  test.each(['x', '👋'])('may not be longer than GitHub takes, of %s', async (character) => {
    const longest = character.repeat(65_536);
    const body = longest + character;
    const { rest } = as('actions');
    const failure = await failureOf(rest.issues.createComment({ ...REPO, issue_number: 7, body }));
    expect(failure.status).toBe(422);
    expect(isViolation(failure.response.data)).toBe(false);
    expect(failure.response.data).toMatchObject({
      message: 'Validation Failed',
      errors: [
        {
          resource: 'IssueComment',
          code: 'unprocessable',
          field: 'data',
          message: 'Body is too long (maximum is 65536 characters)',
        },
      ],
    });
    await rest.issues.createComment({ ...REPO, issue_number: 7, body: longest });
  });

  test('may not be empty, or on what is locked or not there', async () => {
    const { rest } = as('actions');
    const say = (issue_number: number, body: string): Promise<unknown> =>
      rest.issues.createComment({ ...REPO, issue_number, body });
    expect((await failureOf(say(7, ' '))).status).toBe(422);
    expect((await failureOf(say(8, 'hello'))).status).toBe(404);
    fake.lock(7);
    expect(await failureOf(say(7, 'hello'))).toMatchObject({
      status: 403,
      message: expect.stringContaining('Unable to create comment because issue is locked.'),
    });
  });
});

describe('checks', () => {
  const RUN = { ...REPO, name: 'lakebell', head_sha: HEAD };

  test('are made, changed and listed', async () => {
    const { rest } = as('actions');
    const queued = await rest.checks.create({
      ...RUN,
      external_id: 'plan',
      details_url: 'https://acme.test',
    });
    expect(queued.data).toMatchObject({
      status: 'queued',
      conclusion: null,
      completed_at: null,
      external_id: 'plan',
      // Of this token, GitHub does not take the address that it is given.
      details_url: queued.data.html_url,
      pull_requests: [{ number: 7 }],
    });
    const output = { title: 'Plan', summary: '1 to create', text: 'sha256:…' };
    const done = await rest.checks.update({
      ...REPO,
      check_run_id: queued.data.id,
      conclusion: 'neutral',
      output,
    });
    expect(done.data).toMatchObject({ status: 'completed', conclusion: 'neutral', output });
    const listed = await rest.checks.listForRef({ ...REPO, ref: HEAD });
    expect(listed.data).toMatchObject({ total_count: 1, check_runs: [{ app: { id: 15_368 }, output }] });
    const onBranch = await rest.checks.listForRef({ ...REPO, ref: 'heads/change' });
    expect(onBranch.data.total_count).toBe(1);
    expect(fake.checks(HEAD)).toMatchObject([{ name: 'lakebell', conclusion: 'neutral', output }]);
  });

  test('are found by name, app and status, of each only the latest unless all are asked for', async () => {
    const first = fake.addCheck({ name: 'lakebell', headSha: HEAD, app: OTHER_APP, conclusion: 'failure' });
    const { rest } = as('actions');
    const [older, newer] = [await rest.checks.create(RUN), await rest.checks.create(RUN)];
    await rest.checks.create({ ...RUN, name: 'build', conclusion: 'success' });
    const idsOf = async (wanted: Record<string, unknown>): Promise<readonly number[]> => {
      const { data } = await rest.checks.listForRef({
        ...REPO,
        ref: HEAD,
        check_name: 'lakebell',
        ...wanted,
      });
      expect(data.total_count).toBe(data.check_runs.length);
      return data.check_runs.map(({ id }) => id);
    };
    expect(await idsOf({})).toEqual([newer.data.id, first.id]);
    expect(await idsOf({ app_id: 15_368 })).toEqual([newer.data.id]);
    expect(await idsOf({ app_id: 15_368, filter: 'all' })).toEqual([newer.data.id, older.data.id]);
    expect(await idsOf({ status: 'completed' })).toEqual([first.id]);
    expect(await idsOf({ check_name: 'lake bell & co' })).toEqual([]);
  });

  test('belong to the app that made them, and to no user', async () => {
    const asUser = await failureOf(as('person').rest.checks.create(RUN));
    expect(asUser).toMatchObject({ status: 403, message: expect.stringContaining('via a GitHub App') });
    const { data } = await as('other').rest.checks.create({ ...RUN, details_url: 'https://acme.test/run' });
    expect(data.details_url).toBe('https://acme.test/run');
    const change = { ...REPO, check_run_id: data.id, conclusion: 'success' } as const;
    const asActions = await failureOf(as('actions').rest.checks.update(change));
    expect(asActions).toMatchObject({
      status: 403,
      message: expect.stringContaining('Invalid app_id `4711`'),
    });
  });

  test('need a commit that is known', async () => {
    const { rest } = as('actions');
    const missing = shaOf('nowhere');
    const calls = [
      rest.checks.create({ ...RUN, head_sha: missing }),
      rest.checks.listForRef({ ...REPO, ref: missing }),
    ];
    for (const call of calls) {
      const message = expect.stringContaining(`No commit found for SHA: ${missing}`);
      expect(await failureOf(call)).toMatchObject({ status: 422, message });
    }
  });

  test('take 65535 characters, which Prism knows and so does the fake behind it', async () => {
    const output = { title: 'Plan', summary: 'x'.repeat(65_536) };
    const throughPrism = await failureOf(as('actions').rest.checks.create({ ...RUN, output }));
    expect(throughPrism.status).toBe(422);
    expect(isViolation(throughPrism.response.data)).toBe(true);
    expect(fake.requests).toEqual([]);
    const direct = getOctokit('actions', { baseUrl: fake.url });
    expect(await failureOf(direct.rest.checks.create({ ...RUN, output }))).toMatchObject({
      status: 422,
      message: expect.stringContaining('Only 65535 characters are allowed; 65536 were supplied.'),
    });
    const longest = { title: 'Plan', summary: 'x'.repeat(65_535), text: '👋'.repeat(65_535) };
    await as('actions').rest.checks.create({ ...RUN, output: longest });
  });
});

describe('pull requests of a commit', () => {
  const [made, again, last] = [shaOf('made'), shaOf('again'), shaOf('last')];

  async function numbersAt(commit_sha: string): Promise<readonly number[]> {
    const { rest } = as('actions');
    const { data } = await rest.repos.listPullRequestsAssociatedWithCommit({ ...REPO, commit_sha });
    return data.map(({ number }) => number);
  }

  test('are found by the commits of the branch while it is open', async () => {
    expect(await numbersAt(HEAD)).toEqual([7]);
    expect(await numbersAt('change')).toEqual([7]);
    fake.pushToPull(7, again);
    expect([await numbersAt(HEAD), await numbersAt(again)]).toEqual([[], [7]]);
    fake.pushToPull(7, last, 'keep');
    expect([await numbersAt(again), await numbersAt(last)]).toEqual([[7], [7]]);
    fake.closePull(7);
    expect(await numbersAt(last)).toEqual([]);
    fake.reopenPull(7);
    expect(await numbersAt(last)).toEqual([7]);
  });

  test.each([
    { method: 'merge', commits: [] },
    { method: 'squash', commits: [] },
    { method: 'rebase', commits: [again] },
  ] as const)('are found by what their $method leaves', async ({ method, commits }) => {
    fake.mergePull(7, { sha: made, method, commits });
    expect(fake.tip()).toBe(made);
    for (const sha of [HEAD, ...commits, made]) expect(await numbersAt(sha)).toEqual([7]);
    const { data } = await as('actions').rest.pulls.get({ ...REPO, pull_number: 7 });
    expect(data).toMatchObject({
      merged: true,
      state: 'closed',
      merge_commit_sha: made,
      head: { sha: HEAD },
    });
    expect(data.base.repo.default_branch).toBe('main');
  });

  test('are none where somebody pushed directly', async () => {
    fake.pushCommit(made);
    expect(await numbersAt(made)).toEqual([]);
  });

  test('are several where a commit is in several, until one of them brings it to the default branch', async () => {
    fake.openPull({ number: 9, headSha: again, headRef: 'on-top', commits: [HEAD] });
    expect(await numbersAt(HEAD)).toEqual([7, 9]);
    fake.mergePull(7, { sha: made, method: 'merge' });
    expect(await numbersAt(HEAD)).toEqual([7]);
    expect(await numbersAt(again)).toEqual([9]);
  });

  test('are not looked for at a commit that nobody knows', async () => {
    const failure = await failureOf(numbersAt(shaOf('nowhere')));
    expect(failure).toMatchObject({
      status: 422,
      message: expect.stringContaining('No commit found for SHA'),
    });
    expect(isViolation(failure.response.data)).toBe(false);
  });

  test('may come from a fork, and from one that is gone', async () => {
    fake.openPull({ number: 8, headSha: again, headRef: 'theirs', fork: 'mona/notifications' });
    fake.openPull({ number: 9, headSha: last, headRef: 'lost', fork: null });
    const { rest } = as('actions');
    const { data: theirs } = await rest.pulls.get({ ...REPO, pull_number: 8 });
    expect(theirs.head.repo).toMatchObject({ full_name: 'mona/notifications', fork: true });
    const { data: lost } = await rest.pulls.get({ ...REPO, pull_number: 9 });
    expect(lost.head.repo).toBeNull();
    expect(await numbersAt(last)).toEqual([9]);
  });
});

describe('issues', () => {
  test('are opened, found by label, changed and closed', async () => {
    const { rest } = as('actions');
    const { data } = await rest.issues.create({
      ...REPO,
      title: 'Drift',
      body: '1 drifted',
      labels: ['drift'],
    });
    fake.addIssue({ title: 'Question', labels: ['help'] });
    const drift = { ...REPO, labels: 'drift' };
    expect((await rest.issues.listForRepo(drift)).data.map(({ number }) => number)).toEqual([data.number]);
    await rest.issues.update({ ...REPO, issue_number: data.number, body: '2 drifted' });
    const closed = await rest.issues.update({ ...REPO, issue_number: data.number, state: 'closed' });
    expect(closed.data).toMatchObject({ body: '2 drifted', state: 'closed', state_reason: 'completed' });
    expect((await rest.issues.listForRepo(drift)).data).toEqual([]);
    expect((await rest.issues.listForRepo({ ...drift, state: 'all' })).data.length).toBe(1);
    const labels = await rest.issues.listLabelsForRepo(REPO);
    expect(labels.data.map(({ name }) => name)).toEqual(['drift']);
    expect(fake.issues().map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  test('are listed together with pull requests', async () => {
    fake.addIssue({ title: 'Question' });
    const { data } = await as('actions').rest.issues.listForRepo(REPO);
    expect(data.map(({ number, pull_request }) => [number, pull_request !== undefined])).toEqual([
      [8, false],
      [7, true],
    ]);
  });

  test('may be turned off', async () => {
    fake.reset({ tokens: TOKENS, repositories: [{ fullName: 'acme/notifications', hasIssues: false }] });
    const failure = await failureOf(as('actions').rest.issues.create({ ...REPO, title: 'Drift' }));
    expect(failure.status).toBe(410);
    expect((await as('actions').rest.repos.get(REPO)).data.has_issues).toBe(false);
  });
});

describe('access', () => {
  test.each([
    ['wrong', 401],
    ['reader', 403],
    ['blind', 403],
    ['pulls', 201],
    ['person', 201],
    ['actions', 201],
  ])('of the token %s to write a comment ends with %d', async (token, status) => {
    const request = as(token).rest.issues.createComment({ ...REPO, issue_number: 7, body: 'hello' });
    const answer = status === 201 ? await request : await failureOf(request);
    expect(answer.status).toBe(status);
    expect(fake.requests).toMatchObject([
      {
        method: 'POST',
        path: '/repos/acme/notifications/issues/7/comments',
        body: { body: 'hello' },
        identity: TOKENS[token]?.login ?? null,
        status,
      },
    ]);
  });

  test('that is missing is named as GitHub names it', async () => {
    const comment = await failureOf(
      as('reader').rest.issues.createComment({ ...REPO, issue_number: 7, body: 'hello' }),
    );
    expect(comment.response.data).toEqual({
      message: 'Resource not accessible by integration',
      documentation_url: 'https://docs.github.com/rest/issues/comments#create-an-issue-comment',
      status: '403',
    });
    expect(comment.response.headers['x-accepted-github-permissions']).toBe(
      'issues=write; pull_requests=write',
    );
    const check = await failureOf(
      as('reader').rest.checks.create({ ...REPO, name: 'lakebell', head_sha: HEAD }),
    );
    expect(check.response.headers['x-accepted-github-permissions']).toBe('checks=write');
  });

  test('to reading is a permission of its own, to the repository itself it is not', async () => {
    const { rest } = as('blind');
    expect((await failureOf(rest.issues.listComments({ ...REPO, issue_number: 7 }))).status).toBe(403);
    expect((await failureOf(rest.checks.listForRef({ ...REPO, ref: HEAD }))).status).toBe(403);
    expect((await rest.repos.get(REPO)).data.full_name).toBe('acme/notifications');
    expect((await failureOf(rest.repos.get({ ...REPO, repo: 'other' }))).status).toBe(404);
  });

  test('changes when the token does', async () => {
    fake.setToken('actions', { ...GITHUB_ACTIONS, permissions: { issues: 'none', pull_requests: 'none' } });
    const failure = await failureOf(as('actions').rest.issues.listComments({ ...REPO, issue_number: 7 }));
    expect(failure.status).toBe(403);
  });
});

describe('GraphQL', () => {
  const MINIMIZE = `mutation Minimize($id: ID!, $why: ReportedContentClassifiers!) {
    minimizeComment(input: { subjectId: $id, classifier: $why }) { minimizedComment { isMinimized minimizedReason } }
  }`;

  test('knows who asks', async () => {
    const query = 'query { viewer { login } }';
    expect(await as('actions').graphql(query)).toEqual({ viewer: { login: 'github-actions[bot]' } });
    expect(await as('person').graphql(query)).toEqual({ viewer: { login: 'mona' } });
  });

  test('hides a comment', async () => {
    const { id, nodeId } = fake.addComment(7, { login: 'mona', body: 'an old plan' });
    const answer = await as('actions').graphql(MINIMIZE, { id: nodeId, why: 'OUTDATED' });
    expect(answer).toEqual({
      minimizeComment: { minimizedComment: { isMinimized: true, minimizedReason: 'outdated' } },
    });
    expect(fake.comments(7)).toMatchObject([{ id, isMinimized: true }]);
    const query = 'query($id: ID!) { node(id: $id) { ... on IssueComment { hidden: isMinimized } } }';
    expect(await as('actions').graphql(query, { id: nodeId })).toEqual({ node: { hidden: true } });
    const { data } = await as('actions').rest.issues.listComments({ ...REPO, issue_number: 7 });
    expect(data).toMatchObject([{ minimized: { reason: 'outdated' } }]);
  });

  test.each([
    ['actions', 'IC_nothing', 'OUTDATED', 'Could not resolve to a node'],
    ['actions', null, 'BORING', "invalid value (BORING). Expected type 'ReportedContentClassifiers!'"],
    ['reader', null, 'OUTDATED', 'Resource not accessible by integration'],
  ])('says no with status 200 (%s, %s, %s)', async (token, node, why, message) => {
    const { nodeId } = fake.addComment(7, { login: 'mona', body: 'an old plan' });
    const failure = await failureOf(as(token).graphql(MINIMIZE, { id: node ?? nodeId, why }));
    expect(failure.message).toContain(message);
    expect(fake.comments(7)).toMatchObject([{ isMinimized: false }]);
    expect(fake.requests).toMatchObject([{ path: '/graphql', status: 200 }]);
  });

  test.each(['{ viewer { shoeSize } }', '{ horoscope }', '{ viewer }', '{ viewer { login }', 'fragment'])(
    'answers what it does not know with an error: %s',
    async (query) => {
      const failure = await failureOf(as('actions').graphql(query));
      expect(failure).toMatchObject({ errors: [{ message: expect.any(String) }] });
    },
  );
});

describe('what goes wrong', () => {
  const comment = { ...REPO, issue_number: 7, body: 'hello' };

  test('is answered as often as it was asked for, with or without the deed', async () => {
    const { rest } = as('actions');
    fake.fail('POST', /\/comments$/, { status: 502, body: '<html>Bad gateway</html>', times: 2 });
    fake.fail('POST', /\/comments$/, { status: 503, after: 'handled', headers: { 'retry-after': '1' } });
    const failures = [];
    for (let index = 0; index < 3; index += 1)
      failures.push(await failureOf(rest.issues.createComment(comment)));
    expect(failures.map(({ status }) => status)).toEqual([502, 502, 503]);
    expect(failures[2]?.response.headers['retry-after']).toBe('1');
    expect(fake.comments(7).length).toBe(1);
    await rest.issues.createComment(comment);
    expect(fake.comments(7).length).toBe(2);
    expect(fake.requests.map(({ status }) => status)).toEqual([502, 502, 503, 201]);
  });

  test('may be the connection, which shows as such without Prism in between', async () => {
    const direct = getOctokit('actions', { baseUrl: fake.url });
    fake.fail('POST', /\/comments$/, { status: 0, after: 'handled' });
    expect((await failureOf(direct.rest.issues.createComment(comment))).response).toBeUndefined();
    expect(fake.comments(7).length).toBe(1);
    fake.fail('POST', /\/comments$/, { status: 0 });
    const throughPrism = await failureOf(as('actions').rest.issues.createComment(comment));
    expect([throughPrism.status, isViolation(throughPrism.response.data)]).toEqual([500, false]);
  });
});

describe('Prism', () => {
  test('refuses what GitHub would not take, before it reaches the fake', async () => {
    const { rest } = as('actions');
    const conclusion = 'splendid' as 'success';
    const failure = await failureOf(
      rest.checks.create({ ...REPO, name: 'lakebell', head_sha: HEAD, conclusion }),
    );
    expect(failure.status).toBe(422);
    expect(violationIn(failure.response.data)).toContain('"location":["body","conclusion"]');
    expect(fake.requests).toEqual([]);
  });

  test('refuses a path that is not described', async () => {
    const failure = await failureOf(as('actions').rest.users.getAuthenticated());
    expect([failure.status, isViolation(failure.response.data)]).toEqual([404, true]);
  });

  test('flags an answer that GitHub would not give', async () => {
    fake.falsify('POST', /\/comments$/, (body: object) => ({ ...body, user: undefined }));
    const { rest } = as('actions');
    const failure = await failureOf(rest.issues.createComment({ ...REPO, issue_number: 7, body: 'hello' }));
    expect(failure.status).toBe(500);
    expect(violationIn(failure.response.data)).toContain("must have required property 'user'");
    expect(fake.comments(7).length).toBe(1);
  });
});

describe('the clock', () => {
  test('moves with every request and with nothing else', async () => {
    const before = fake.now();
    await as('actions').rest.repos.get(REPO);
    expect(fake.now()).toBe(before + 1_000);
    fake.advance(60_000);
    const { data } = await as('actions').rest.issues.createComment({ ...REPO, issue_number: 7, body: 'hi' });
    expect(Date.parse(data.created_at)).toBe(before + 62_000);
  });
});
