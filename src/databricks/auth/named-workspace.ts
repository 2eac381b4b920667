import { SettingsError } from '../../core/errors.ts';
import { tidy } from '../mask.ts';
import type { Attribute, Attributes } from './attributes.ts';
import type { NamedHost } from './named-host.ts';

type Named = Pick<Attribute<string>, 'value' | 'from'>;

/**
 * The ids that hosts carry in their query go where none is set by itself.
 * @param profileId the profile's own, which the environment's would hide
 * @throws SettingsError where two places name different workspaces, or for an id that cannot stand in a header
 */
export function withHostIds(
  attributes: Attributes,
  hosts: readonly NamedHost[],
  profileId: Named | undefined,
): Attributes {
  const inHosts = hosts.flatMap(({ ids, from }) => named(ids.workspaceId, from));
  const workspaceId = agreeOnWorkspace([attributes.workspaceId ?? [], profileId ?? [], inHosts].flat());
  // Identity tokens are made for an account: not for one that a pull request names.
  const [accountId] = hosts.flatMap(({ ids, from, vouched }) =>
    vouched === 'file' ? [] : named(ids.accountId, from),
  );
  return {
    ...attributes,
    workspaceId: workspaceId && { ...workspaceId, isOfProfile: false },
    accountId: attributes.accountId ?? (accountId && { ...accountId, isOfProfile: false }),
  };
}

function named(value: string | undefined, from: string): readonly Named[] {
  return value === undefined ? [] : [{ value, from }];
}

/** As with hosts: a write to another workspace than somebody meant is worse than a question. */
function agreeOnWorkspace(all: readonly Named[]): Named | undefined {
  const [first] = all;
  if (first === undefined) return undefined;
  const other = all.find(({ value }) => value !== first.value);
  if (other !== undefined) {
    const [a, b] = [first, other].map(({ from, value }) => `${from} names the workspace ${tidy(value, 60)}`);
    throw new SettingsError(`${a} and ${b}`, { hint: 'name one workspace: unset one of them' });
  }
  if (!/^[\w.:-]{1,100}$/.test(first.value)) {
    throw new SettingsError(`the workspace id of ${first.from} is none`, {
      hint: 'it is the number after ?o= in the address of the workspace',
    });
  }
  return first;
}
