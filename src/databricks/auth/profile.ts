import { decode } from 'ini';

export type Profile = { readonly name: string; readonly values: Readonly<Record<string, string>> };

export type ProfileFile = {
  readonly profiles: readonly Profile[];
  /** `[__settings__] default_profile`, or `DEFAULT`. */
  readonly defaultName: string;
};

/** The text of `~/.databrickscfg`. Profiles inherit nothing from `[DEFAULT]`; `[__settings__]` is no profile. */
export function parseProfiles(text: string): ProfileFile {
  const sections: Record<string, unknown> = decode(
    text
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .map(normalise)
      .join('\n'),
  );
  const { [SETTINGS]: settings, ...rest } = collectLoose(sections);
  return {
    profiles: Object.entries(rest).map(([name, values]) => ({ name, values })),
    defaultName: settings?.['default_profile'] || DEFAULT,
  };
}

const DEFAULT = 'DEFAULT';
const SETTINGS = '__settings__';

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
 * The `ini` package nests sections at dots and cuts values at any `;` or `#`; in this file dots are plain and an
 * inline comment needs a space before it.
 */
function normalise(line: string): string {
  const [, section] = /^\s*\[([^\]]+)\]\s*(?:[#;].*)?$/.exec(line) ?? [];
  if (section !== undefined) return `[${escape(section.trim(), /[.;#\\]/g)}]`;
  const [, key, value = ''] = /^\s*([^#;=\s][^=]*?)\s*=(.*)$/.exec(line) ?? [];
  return key === undefined ? '' : `${escape(key, /[;#\\]/g)} = ${toValue(value)}`;
}

function toValue(raw: string): string {
  const value = raw.replace(/\s[#;].*$/, '').trim();
  return /^(["']).*\1$/.test(value) ? value : escape(value, /[;#\\]/g);
}

function escape(text: string, characters: RegExp): string {
  return text.replace(characters, String.raw`\$&`);
}
