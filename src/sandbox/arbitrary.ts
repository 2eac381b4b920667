import { createHash } from 'node:crypto';

/** A UUID that depends on the text alone, so that a sandbox gives the same ids whenever the same is done to it. */
export function uuidOf(text: string): string {
  const hex = digest(text);
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(17, 20)];
  return [...groups, hex.slice(20, 32)].join('-');
}

/** A sort key in an order that means nothing. */
export function scatteredKey(text: string): string {
  return digest(text).slice(0, 16);
}

/** The same members in another, repeatable order for each salt. */
export function scattered<T>(members: readonly T[], salt: string): readonly T[] {
  return members
    .map((member, index) => ({ member, key: digest(`${salt}:${index}`) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((entry) => entry.member);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
