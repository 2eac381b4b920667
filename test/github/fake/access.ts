import { Refusal } from './answer.ts';
import type { Area, Identity, Level, World } from './state.ts';

const LEVELS: readonly Level[] = ['none', 'read', 'write'];

/** @throws Refusal 401 as GitHub words it. */
export function authenticate(world: World, authorization: string | undefined): Identity {
  const token = /^(?:Bearer|token) (.+)$/i.exec(authorization ?? '')?.[1];
  const identity = world.tokens.get(token ?? '');
  if (identity !== undefined) return identity;
  // Without any token a private repository is simply not there, but what runs in a workflow always has one.
  throw new Refusal(401, { message: 'Bad credentials' });
}

/**
 * @param accepted as GitHub writes it in its header: `;` between sets of which one is enough, `,` within a set.
 * @throws Refusal 403 with that header.
 */
export function authorize(identity: Identity, accepted: string): void {
  if (isAllowed(identity, accepted)) return;
  const message = `Resource not accessible by ${identity.app === undefined ? 'personal access token' : 'integration'}`;
  throw new Refusal(403, { message }, { 'x-accepted-github-permissions': accepted });
}

export function isAllowed(identity: Identity, accepted: string): boolean {
  return accepted.split(';').some((set) => set.split(',').every((one) => holds(identity, one.trim())));
}

function holds(identity: Identity, permission: string): boolean {
  const [area = '', level = ''] = permission.split('=');
  if (area === 'metadata') return true;
  const own = identity.permissions?.[area as Area] ?? 'write';
  return LEVELS.indexOf(own) >= LEVELS.indexOf(level as Level);
}
