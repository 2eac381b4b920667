import type { Finished } from '../../../../src/databricks/auth/machine.ts';
import { complained, fakeMachine, printed } from './azure.ts';

/** Far after every clock of a test. */
const EXPIRY = Date.UTC(2036, 0, 1);

const AZ_TOKEN = printed({ accessToken: 'token-of-az', expires_on: EXPIRY / 1000, tokenType: 'Bearer' });
const AZ_ACCOUNT = printed({ user: { name: 'somebody@company.test', type: 'user' } });
const CLI_TOKEN = printed({
  access_token: 'token-of-the-cli',
  token_type: 'Bearer',
  expiry: new Date(EXPIRY).toISOString(),
});
const CLI_VERSION = printed('Databricks CLI v0.296.0\n');
const NO_LOGIN = complained(
  'Error: cache: databricks OAuth is not configured for this host. no cached credentials; run `databricks auth login` to sign in',
);

type Programs = Readonly<Record<string, Finished>>;

const AZ: Programs = { 'az account show': AZ_ACCOUNT, 'az account get-access-token': AZ_TOKEN };
const DATABRICKS: Programs = { 'databricks version': CLI_VERSION, 'databricks auth token': CLI_TOKEN };

/** What each program answers, by the start of the command. */
const MACHINES = {
  'a bare machine': {},
  az: AZ,
  'az without a login': {
    'az account show': complained("ERROR: Please run 'az login' to setup account."),
  },
  databricks: DATABRICKS,
  'databricks without a login': { ...DATABRICKS, 'databricks auth token': NO_LOGIN },
  'the old databricks': { 'databricks version': printed('Version 0.18.0\n') },
  'az and databricks': { ...AZ, ...DATABRICKS },
  'az, and databricks without a login': { ...AZ, ...DATABRICKS, 'databricks auth token': NO_LOGIN },
} as const satisfies Readonly<Record<string, Programs>>;

export type MachineName = keyof typeof MACHINES;

export function machineNamed(name: MachineName): ReturnType<typeof fakeMachine> {
  const programs: Programs = MACHINES[name];
  return fakeMachine((command) => Object.entries(programs).find(([start]) => command.startsWith(start))?.[1]);
}
