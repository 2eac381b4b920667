import { isEmailValid } from '@sideway/address';

/** Whether a mail server could accept the address; `a@b` and quoted local parts are refused. */
export function isEmailAddress(text: string): boolean {
  return isEmailValid(text);
}
