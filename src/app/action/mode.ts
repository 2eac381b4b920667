import { RefusedError, SettingsError } from '../../core/errors.ts';
import type { Event } from '../../host/github/event.ts';
import { type ActionSettings, MODES, type Mode } from './settings.ts';

/** What this run does: as its input says, else as the event suggests. @throws where the two must not go together. */
export function chooseMode(settings: Pick<ActionSettings, 'mode' | 'allow'>, event: Event): Mode {
  refuseTargetEvent(event);
  const mode = settings.mode ?? byEvent(event);
  if (mode === null) {
    throw new SettingsError(`with the event ${event.name} the input mode must say what to do`, {
      hint: `mode: ${MODES.join(', ')}`,
    });
  }
  if (settings.allow.length > 0 && event.name !== 'workflow_dispatch') {
    throw new SettingsError('the input allow is for workflow_dispatch only', {
      hint: 'in a pull request settings.allow lifts a guard for one plan, where reviewers see it',
    });
  }
  if (mode === 'apply') refuseUnmerged(event);
  return mode;
}

function byEvent({ name, push }: Event): Mode | null {
  switch (name) {
    case 'pull_request':
    case 'merge_group':
      return 'plan';
    case 'push':
      return push?.isDefaultBranch === true ? 'apply' : 'plan';
    case 'schedule':
      return 'drift';
    default:
      return null;
  }
}

/** There the workflow of the base runs with its secrets on what a stranger proposes. */
function refuseTargetEvent({ name }: Event): void {
  if (name !== 'pull_request_target') return;
  throw new RefusedError('pull_request_target would give the secrets of this repository to a pull request', {
    code: 'event',
    hint: 'use pull_request; on a fork lakebell then checks the configuration and says what it did not check',
  });
}

/** Its own plan step would approve it. */
function refuseUnmerged({ name, pull }: Event): void {
  const isProposal = name === 'pull_request' || name === 'merge_group' || pull !== null;
  if (!isProposal || (pull?.isMerged === true && pull.isIntoDefaultBranch)) return;
  throw new RefusedError(
    'a pull request that is not merged into the default branch must not be applied: nobody has approved it yet',
    {
      code: 'event',
      hint: 'apply on push to the default branch, where the mode is apply by itself',
    },
  );
}
