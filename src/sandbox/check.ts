import { integerText, isJsonList, isObject } from './json.ts';

/** Says what is wrong with a value at a path; nothing when it is right, and then the value is a T. */
export type Check<T = never> = ((value: unknown, at: string) => readonly string[]) & { readonly of?: T };

export function isOf<T>(value: unknown, check: Check<T>, at: string): value is T {
  return check(value, at).length === 0;
}

export const text: Check = (value, at) =>
  typeof value === 'string' && value !== '' ? [] : [`${at} must be a text that is not empty`];

/** A text that may be empty. */
export const string: Check = (value, at) => (typeof value === 'string' ? [] : [`${at} must be a text`]);

export const flag: Check = (value, at) => (typeof value === 'boolean' ? [] : [`${at} must be true or false`]);

export const object: Check = (value, at) => (isObject(value) ? [] : [`${at} must be an object`]);

export const integer: Check = (value, at) =>
  integerText(value) === undefined ? [`${at} must be a whole number, or its digits as a text`] : [];

export const count: Check = (value, at) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0
    ? []
    : [`${at} must be a whole number of at least 0`];

/** A part of a whole. */
export const share: Check = (value, at) =>
  typeof value === 'number' && value >= 0 && value <= 1 ? [] : [`${at} must be a number from 0 to 1`];

export function oneOf(...allowed: readonly string[]): Check {
  return (value, at) =>
    typeof value === 'string' && allowed.includes(value)
      ? []
      : [`${at} must be one of ${allowed.join(', ')}`];
}

export function listOf(member: Check<unknown>): Check {
  return (value, at) =>
    isJsonList(value)
      ? value.flatMap((one, index) => member(one, `${at}[${index}]`))
      : [`${at} must be a list`];
}

/** Wraps the check of a member that must be there. */
export function required(check: Check): Required {
  return { isRequired: true, check };
}

type Required = { readonly isRequired: true; readonly check: Check };

/** An object that holds these members and no others. */
export function shape(members: Readonly<Record<string, Check | Required>>): Check {
  const known = Object.keys(members);
  return (value, at) => {
    if (!isObject(value)) return [`${at} must be an object`];
    const unknown = Object.keys(value).filter((key) => !known.includes(key));
    return [
      ...unknown.map((key) => `${at}.${key} is not known; known are ${known.join(', ')}`),
      ...Object.entries(members).flatMap(([key, member]) =>
        memberProblems(value[key], `${at}.${key}`, member),
      ),
    ];
  };
}

function memberProblems(value: unknown, at: string, member: Check | Required): readonly string[] {
  const check = typeof member === 'function' ? member : member.check;
  if (value !== undefined) return check(value, at);
  return typeof member === 'function' ? [] : [`${at} is missing`];
}
