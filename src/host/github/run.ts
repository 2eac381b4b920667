import { isAbsolute, join, relative, sep } from 'node:path';

/** Where a workflow run is and how it is linked to; everything comes from the runner's environment. */
export type Run = {
  /** `owner/name`. */
  readonly repository: string;
  /** `https://github.com`, or a GitHub Enterprise server. */
  readonly serverUrl: string;
  readonly apiUrl: string;
  readonly id: string;
  readonly number: string;
  readonly attempt: number;
  /** Web address of this attempt. */
  readonly url: string;
  /** Folder of the repository's files. */
  readonly workspace: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

export function readRun(env: Environment): Run {
  const repository = env['GITHUB_REPOSITORY'] ?? '';
  const serverUrl = env['GITHUB_SERVER_URL'] || 'https://github.com';
  const [id, attempt] = [digits(env['GITHUB_RUN_ID']), Number(digits(env['GITHUB_RUN_ATTEMPT'] || '1'))];
  return {
    repository,
    serverUrl,
    apiUrl: env['GITHUB_API_URL'] || 'https://api.github.com',
    id,
    number: digits(env['GITHUB_RUN_NUMBER']),
    attempt,
    url: runUrl({ serverUrl, repository, id, attempt }),
    workspace: env['GITHUB_WORKSPACE'] || process.cwd(),
  };
}

export function runUrl(run: Pick<Run, 'serverUrl' | 'repository' | 'id' | 'attempt'>): string {
  return `${run.serverUrl}/${run.repository}/actions/runs/${run.id}/attempts/${run.attempt}`;
}

/** Web address of a line of a file, as a path from the folder that we work in; null where that is not in the repository. */
export function lineUrl(
  run: Run,
  place: { readonly repository: string; readonly sha: string; readonly file: string; readonly line: number },
): string | null {
  const path = pathInRepository(run, place.file);
  if (path === null) return null;
  // Half a character cannot be encoded.
  const encoded = path
    .replaceAll(/\p{Cs}/gu, '\uFFFD')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  return `${run.serverUrl}/${place.repository}/blob/${place.sha}/${encoded}#L${place.line}`;
}

/** A path from the folder that we work in, as seen from the repository's root; null where it is not in it. */
export function pathInRepository({ workspace }: Run, file: string): string | null {
  const path = relative(workspace, isAbsolute(file) ? file : join(process.cwd(), file));
  const isOutside = path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
  return path === '' || isOutside ? null : path.split(sep).join('/');
}

export function commitUrl({ serverUrl, repository }: Run, sha: string): string {
  return `${serverUrl}/${repository}/commit/${sha}`;
}

function digits(text: string | undefined): string {
  return /^\d{1,20}$/u.test(text ?? '') ? String(text) : '0';
}
