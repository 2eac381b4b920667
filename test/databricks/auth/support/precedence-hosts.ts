import { MAIN } from './profile-files.ts';
import type { Row } from './precedence.ts';

const DISAGREE = 'two places that name different workspaces are a mistake, as with hosts';
const NO_ACCOUNT = 'notifications belong to workspaces';
const SEVEN = 'https://dbc-7.cloud.databricks.com';

/** With a token, for the address alone. */
function host(address: string, gives: Row['gives'], deviates?: string): Row {
  return { args: `host=${address}`, env: 'TOKEN=x', gives, ...(deviates === undefined ? {} : { deviates }) };
}

function routed(query: string, workspace: string): Row {
  return host(`https://x/${query}`, { as: 'pat https://x', workspace });
}

export const HOST_ROWS: readonly Row[] = [
  host('https://abc.def.ghi', { as: 'pat https://abc.def.ghi' }),
  host('https://abc.def.ghi/', { as: 'pat https://abc.def.ghi' }),
  host('abc.def.ghi', { as: 'pat https://abc.def.ghi' }),
  host('abc.def.ghi/', { as: 'pat https://abc.def.ghi' }),
  host('abc.def.ghi:443', { as: 'pat https://abc.def.ghi' }),
  host('127.0.0.1:8080', { as: 'pat https://127.0.0.1:8080' }),
  host('http://localhost:1234/path/x', { as: 'pat http://localhost:1234' }),
  host('https://:443', { says: 'is not the address of a workspace' }),
  host('http://abc.def.ghi', { says: 'plain http' }, 'a token never travels in the clear, but on loopback'),
  routed('?o=12345', '12345'),
  routed('?workspace_id=12345', '12345'),
  routed('?a=abc', 'undefined'),
  routed('?o=12345&a=abc#job/1', '12345'),
  routed('?o=notanumber', 'undefined'),
  routed('?w=any-text', 'any-text'),
  routed('?w=12345&o=99999', '12345'),
  routed('?o=1&workspace_id=2', '1'),
  host('https://x?w=a%0ab', { says: 'the workspace id of --host is none' }),
  {
    args: 'host=https://x/?o=12345',
    env: 'TOKEN=x WORKSPACE_ID=12345',
    gives: { as: 'pat https://x', workspace: '12345' },
  },
  {
    args: 'host=https://x/?o=12345',
    env: 'TOKEN=x WORKSPACE_ID=99999',
    gives: { says: 'DATABRICKS_WORKSPACE_ID names the workspace 99999 and --host names the workspace 12345' },
    deviates: DISAGREE,
  },
  { env: 'HOST=x TOKEN=x WORKSPACE_ID=42', gives: { as: 'pat https://x', workspace: '42' } },
  { env: 'HOST=x TOKEN=x', gives: { as: 'pat https://x', workspace: 'undefined' } },
  { args: 'profile=routed', file: MAIN, gives: { as: `pat ${SEVEN}`, workspace: '42' } },
  {
    args: 'profile=routed',
    env: 'WORKSPACE_ID=43',
    file: MAIN,
    gives: {
      says: 'DATABRICKS_WORKSPACE_ID names the workspace 43 and workspace_id of the profile routed names',
    },
    deviates: DISAGREE,
  },
  host('accounts.cloud.databricks.com', { says: 'the console of an account' }, NO_ACCOUNT),
  host('https://accounts.azuredatabricks.net', { says: 'the console of an account' }, NO_ACCOUNT),
  host('https://accounts-dod.cloud.databricks.us', { says: 'the console of an account' }, NO_ACCOUNT),
  {
    env: 'HOST=accounts.cloud.databricks.com ACCOUNT_ID=a CLIENT_ID=x CLIENT_SECRET=x',
    gives: { says: 'the console of an account' },
    deviates: NO_ACCOUNT,
  },
  {
    env: 'HOST=https://dbc-1.cloud.databricks.com ACCOUNT_ID=a TOKEN=x',
    gives: { as: 'pat https://dbc-1.cloud.databricks.com' },
  },
];
