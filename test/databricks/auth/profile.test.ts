import { describe, expect, test } from '@jest/globals';
import { AuthError } from '../../../src/core/errors.ts';
import { parseProfiles } from '../../../src/databricks/auth/profile.ts';

function profilesOf(text: string) {
  return Object.fromEntries(parseProfiles(text).profiles.map(({ name, values }) => [name, values]));
}

describe('parseProfiles', () => {
  test.each<[string, string, Record<string, Record<string, string>>]>([
    [
      'one section',
      '[a]\nhost = https://a.test\ntoken=dapi1',
      { a: { host: 'https://a.test', token: 'dapi1' } },
    ],
    ['Windows line ends and a byte order mark', '\uFEFF[a]\r\nhost = h\r\n', { a: { host: 'h' } }],
    ['comment lines', '# x\n[a]\n; y\n  # z\nhost = h', { a: { host: 'h' } }],
    ['inline comments', '[a] ; work\nhost = h # mine\ntoken = t\t; old', { a: { host: 'h', token: 't' } }],
    [
      'marks that are no comments',
      '[a]\nhost = https://h/?o=1#x;y\ntoken = a;b#c',
      { a: { host: 'https://h/?o=1#x;y', token: 'a;b#c' } },
    ],
    ['backslashes', '[a]\nx = C:\\new\\#1', { a: { x: 'C:\\new\\#1' } }],
    ['quotes', '[a]\nhost = "https://h"', { a: { host: 'https://h' } }],
    ['dots in names', '[a.b.c]\nhost = h\n[a]\nhost = g', { 'a.b.c': { host: 'h' }, a: { host: 'g' } }],
    ['spaces in names', '[ my profile ]\nhost = h', { 'my profile': { host: 'h' } }],
    ['values with equals signs', '[a]\ntoken = ab==', { a: { token: 'ab==' } }],
    ['words that look like values', '[a]\nx = true\ny = null', { a: { x: 'true', y: 'null' } }],
    ['empty values', '[a]\nhost =\ntoken = ', { a: { host: '', token: '' } }],
    ['the same key twice', '[a]\nhost = 1\nhost = 2', { a: { host: '2' } }],
    ['the same section twice', '[a]\nhost = 1\n[a]\ntoken = 2', { a: { host: '1', token: '2' } }],
    ['keys above the first section', 'host = h\n[a]\nhost = g', { DEFAULT: { host: 'h' }, a: { host: 'g' } }],
    ['no inheritance', '[DEFAULT]\nhost = h\n[a]\ntoken = t', { DEFAULT: { host: 'h' }, a: { token: 't' } }],
    ['colons', '[a]\nhost: https://h\ntoken = a:b', { a: { host: 'https://h', token: 'a:b' } }],
    ['sections with nothing in them as none', '[a]\n[b]\nhost = h', { b: { host: 'h' } }],
    ['names of prototypes', '[__proto__]\nhost = h\n[constructor]\nhost = g', { constructor: { host: 'g' } }],
    ['nothing', '', {}],
  ])('reads %s', (_, text, expected) => {
    expect(profilesOf(text)).toEqual(expected);
  });

  test.each<[string, string, number, string]>([
    ['a word', '[a]\nhost = h\nsecret-of-nobody', 3, 'neither a [section] nor key = value'],
    ['no key', '= secret-of-nobody', 1, 'neither a [section] nor key = value'],
    ['an open section', '[[[[[secret-of-nobody', 1, 'no [section]'],
    ['an empty section', '# x\r\n[ ]', 2, 'no [section]'],
    ['more after a section', '[a] secret-of-nobody', 1, 'no [section]'],
    ['a stray bracket', ']]', 1, 'neither a [section] nor key = value'],
  ])('refuses %s, and does not quote it', (_, text, line, what) => {
    const parse = () => parseProfiles(text);
    expect(parse).toThrow(AuthError);
    expect(parse).toThrow(`line ${line} of the Databricks configuration file is ${what}`);
    expect(parse).not.toThrow('secret-of-nobody');
  });

  test('takes the default profile from the settings, which are no profile', () => {
    const file = parseProfiles('[__settings__]\ndefault_profile = work\n[work]\nhost = h');
    expect([file.defaultName, file.isDefaultNamed]).toEqual(['work', true]);
    expect(file.profiles.map(({ name }) => name)).toEqual(['work']);
    expect(parseProfiles('[__settings__]\ndefault_profile =')).toMatchObject({
      defaultName: 'DEFAULT',
      isDefaultNamed: false,
    });
  });
});
