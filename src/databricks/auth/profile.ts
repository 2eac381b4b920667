import { decode } from 'ini';
import { AuthError } from '../../core/errors.ts';

export type Profile = { readonly name: string; readonly values: Readonly<Record<string, string>> };

export type ProfileFile = {
  readonly profiles: readonly Profile[];
  /** `[__settings__] default_profile`, or `DEFAULT`. */
  readonly defaultName: string;
  /** Whether the settings name it. */
  readonly isDefaultNamed: boolean;
};

/** A section that is no profile. */
export const SETTINGS = '__settings__';

/**
 * The text of `~/.databrickscfg`. Profiles inherit nothing from `[DEFAULT]`; `[__settings__]` is no profile, nor is a section with nothing in it.
 * @throws AuthError for a line that is none of the format; it does not quote it, as it may be a secret
 */
export function parseProfiles(text: string): ProfileFile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const sections: Record<string, unknown> = decode(lines.map(normalise).join('\n'));
  const { [SETTINGS]: settings, ...rest } = collectLoose(sections);
  const named = settings?.['default_profile']?.trim() || undefined;
  return {
    profiles: Object.entries(rest).flatMap(([name, values]) =>
      Object.keys(values).length === 0 ? [] : [{ name, values }],
    ),
    defaultName: named ?? DEFAULT,
    isDefaultNamed: named !== undefined,
  };
}

const DEFAULT = 'DEFAULT';

type Sections = Record<string, Readonly<Record<string, string>>>;

/** Keys above the first section belong to `[DEFAULT]`. */
function collectLoose(sections: Record<string, unknown>): Sections {
  const loose = texts(sections);
  const named = Object.entries(sections).filter((entry): entry is [string, object] => isSection(entry[1]));
  const profiles: Sections = Object.fromEntries(named.map(([name, values]) => [name, texts({ ...values })]));
  if (Object.keys(loose).length === 0) return profiles;
  return { ...profiles, [DEFAULT]: { ...loose, ...profiles[DEFAULT] } };
}

function texts(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => !isSection(value))
      .map(([key, value]) => [key, String(value)]),
  );
}

function isSection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The `ini` package nests sections at dots, cuts values at any `;` or `#`, knows no `:`, and passes over what it does not
 * understand; in this file dots are plain, an inline comment needs a space before it, and `:` stands for `=`.
 */
function normalise(line: string, index: number): string {
  if (/^\s*(?:[#;]|$)/.test(line)) return '';
  const [, section] = /^\s*\[([^\]]*[^\]\s][^\]]*)\]\s*(?:[#;].*)?$/.exec(line) ?? [];
  if (section !== undefined) return `[${escape(section.trim(), /[.;#\\]/g)}]`;
  const [, key, value = ''] = /^\s*([^[=:\s][^=:]*?)\s*[=:](.*)$/.exec(line) ?? [];
  if (key === undefined) throw broken(line, index + 1);
  return `${escape(key, /[;#\\]/g)} = ${toValue(value)}`;
}

function broken(line: string, number: number): AuthError {
  const what = line.trimStart().startsWith('[')
    ? 'is no [section]'
    : 'is neither a [section] nor key = value';
  return new AuthError(`line ${number} of the Databricks configuration file ${what}`, {
    hint: 'mend the line; DATABRICKS_CONFIG_FILE names the file, ~/.databrickscfg by default',
  });
}

function toValue(raw: string): string {
  const value = raw.replace(/\s[#;].*$/, '').trim();
  return /^(["']).*\1$/.test(value) ? value : escape(value, /[;#\\]/g);
}

function escape(text: string, characters: RegExp): string {
  return text.replace(characters, String.raw`\$&`);
}
