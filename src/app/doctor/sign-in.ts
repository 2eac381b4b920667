import type { ConsideredMethod, Finding } from '../../core/doctor.ts';
import { type ExitCode, EXIT, ToolError } from '../../core/errors.ts';
import { consider, type Consideration } from '../../databricks/auth/consider.ts';
import { type Credentials, resolveCredentials } from '../../databricks/auth/resolve.ts';
import { failureOf } from './finding.ts';
import type { Visit } from './visit.ts';

export type Attempt = {
  readonly credentials: Credentials | undefined;
  readonly consideration: Consideration;
  readonly considered: readonly ConsideredMethod[];
  readonly finding: Finding;
  /** Of a failure. */
  readonly code: ExitCode;
};

const ABOUT = { group: 'sign-in', code: 'sign-in', title: 'Method' } as const;

/** How lakebell would sign in; no token is asked for yet. */
export async function chooseCredentials({ sources }: Visit): Promise<Attempt> {
  const consideration = await consider(sources);
  try {
    const credentials = await resolveCredentials(sources);
    const { authType, source } = credentials;
    const detail = `${authType}, with ${source.token}; the host is from ${source.host}`;
    const considered = credentials.considered.map(toDocument);
    const finding: Finding = { ...ABOUT, status: 'ok', detail };
    return { credentials, consideration, considered, finding, code: EXIT.done };
  } catch (error) {
    const finding: Finding = { ...ABOUT, status: 'problem', ...failureOf(error) };
    const code = error instanceof ToolError ? error.exitCode : EXIT.permission;
    const considered = consideration.considered.map(notChosen);
    return { credentials: undefined, consideration, considered, finding, code };
  }
}

function toDocument({ name, isChosen, why }: Consideration['considered'][number]): ConsideredMethod {
  return { name, chosen: isChosen, why };
}

/** Nobody signed in by any of them. */
function notChosen({ name, why }: Consideration['considered'][number]): ConsideredMethod {
  return { name, chosen: false, why };
}
