import { afterEach } from '@jest/globals';

type Closing = { readonly close: () => Promise<void> };

/** Closes what it is given after each test of the file that calls this. */
export function useClosing() {
  const open: Closing[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  return <T extends Closing>(one: T): T => {
    open.push(one);
    return one;
  };
}
