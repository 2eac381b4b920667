import { SettingsError } from '../../core/errors.ts';
import { GUARDS, type Guard } from '../../core/guard.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { Runner } from '../../host/github/runner.ts';

export const MODES = ['validate', 'plan', 'apply', 'drift'] as const;
export type Mode = (typeof MODES)[number];

export const FAIL_ON = ['refusal', 'drift', 'blocked', 'pending', 'lint'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** The inputs of the action, read and checked. Null is "left out", so that the event or the configuration decides. */
export type ActionSettings = {
  readonly mode: Mode | null;
  readonly config: string;
  /** `'*'` for all of them; empty for the only or default one. */
  readonly targets: readonly string[] | '*';
  readonly host: string | undefined;
  /** What the inputs say in the words of the environment: an input goes before a variable. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly githubToken: string;
  readonly comment: 'always' | 'never' | 'on-change';
  readonly summary: boolean;
  readonly approve: ApproveBy;
  readonly trustedAppId: number | null;
  readonly allow: readonly Guard[];
  readonly noRemovals: boolean;
  readonly failOn: readonly FailOn[];
  readonly workingDirectory: string | null;
  /** Whether `drift` keeps an issue. */
  readonly driftIssue: boolean;
  readonly driftLabels: readonly string[];
  readonly driftAssignees: readonly string[];
};

export type ApproveBy =
  { readonly by: 'check' | 'rules' | 'none' } | { readonly by: 'digest'; readonly digest: string };

/** @throws SettingsError with everything that is wrong with the inputs. */
export function readSettings({ input }: Pick<Runner, 'input'>): ActionSettings {
  const problems: string[] = [];
  const read = <Value>(name: string, parse: Parser<Value>, missing: Value): Value => {
    const text = input(name);
    const parsed = text === '' ? { value: missing } : parse(text);
    if ('value' in parsed) return parsed.value;
    problems.push(`${name} is "${text}": ${parsed.problem}`);
    return missing;
  };
  const settings = settingsFrom(input, read);
  if (problems.length === 0) return settings;
  throw new SettingsError(`the inputs of the action are wrong: ${problems.join('; ')}`, {
    hint: 'action.yml describes every input',
  });
}

type Parsed<Value> = { readonly value: Value } | { readonly problem: string };
type Parser<Value> = (text: string) => Parsed<Value>;
type Read = <Value>(name: string, parse: Parser<Value>, missing: Value) => Value;

function settingsFrom(input: Runner['input'], read: Read): ActionSettings {
  const mode = read<Mode | null>('mode', oneOf(MODES), null);
  return {
    mode,
    config: input('config') || 'notifications.yml',
    targets: targetsFrom(input('target')),
    host: input('host') || undefined,
    credentials: credentialsFrom(input),
    githubToken: input('github-token'),
    comment: read('comment', comment, 'always'),
    summary: read('summary', flag, true),
    approve: read<ApproveBy>('approve', approval, { by: 'check' }),
    trustedAppId: read<number | null>('trusted-app-id', appId, null),
    allow: read('allow', manyOf(GUARDS), []),
    noRemovals: read('no-removals', flag, false),
    failOn: read('fail-on', manyOf(FAIL_ON), ['refusal']),
    workingDirectory: input('working-directory') || null,
    driftIssue: read('drift-issue', flag, true),
    driftLabels: listed(input('drift-labels')),
    driftAssignees: listed(input('drift-assignees')),
  };
}

const VARIABLES = {
  token: 'DATABRICKS_TOKEN',
  'client-id': 'DATABRICKS_CLIENT_ID',
  'client-secret': 'DATABRICKS_CLIENT_SECRET',
  'auth-type': 'DATABRICKS_AUTH_TYPE',
} as const;

function credentialsFrom(input: Runner['input']): Readonly<Record<string, string>> {
  const given = Object.entries(VARIABLES).map(([name, variable]) => [variable, input(name)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

/** A list that names all of them besides others is all of them. */
function targetsFrom(text: string): ActionSettings['targets'] {
  const names = listed(text);
  return names.includes('*') ? '*' : names;
}

function listed(text: string): readonly string[] {
  return [...new Set(text.split(/[,\n]/u).map((item) => item.trim()))].filter((item) => item !== '');
}

function oneOf<Word extends string>(words: readonly Word[]): Parser<Word> {
  return (text) => {
    const word = words.find((one) => one === text);
    return word === undefined ? { problem: didYouMean(text, words) } : { value: word };
  };
}

function manyOf<Word extends string>(words: readonly Word[]): Parser<readonly Word[]> {
  return (text) => {
    const items = listed(text);
    const wrong = items.filter((item) => !words.some((word) => word === item));
    return wrong.length === 0
      ? { value: words.filter((word) => items.includes(word)) }
      : { problem: wrong.map((item) => `"${item}": ${didYouMean(item, words)}`).join(', ') };
  };
}

/** As YAML 1.2 spells them, and GitHub's own toolkit. */
function flag(text: string): Parsed<boolean> {
  if (/^(true|True|TRUE)$/u.test(text)) return { value: true };
  return /^(false|False|FALSE)$/u.test(text) ? { value: false } : { problem: 'true or false' };
}

function comment(text: string): Parsed<ActionSettings['comment']> {
  if (text === 'on-change') return { value: text };
  const parsed = flag(text);
  if ('value' in parsed) return { value: parsed.value ? 'always' : 'never' };
  return { problem: didYouMean(text, ['true', 'false', 'on-change']) };
}

function approval(text: string): Parsed<ApproveBy> {
  if (text === 'check' || text === 'rules' || text === 'none') return { value: { by: text } };
  return /^sha256:[0-9a-f]{64}$/u.test(text)
    ? { value: { by: 'digest', digest: text } }
    : { problem: 'check, rules, none, or a digest as a plan shows it (sha256: and 64 letters and digits)' };
}

function appId(text: string): Parsed<number | null> {
  return /^[1-9]\d{0,15}$/u.test(text) ? { value: Number(text) } : { problem: 'the number of a GitHub App' };
}
