/** Text of a configuration with `count` e-mail destinations d1… and whatever follows. */
export function emailDestinations(count: number, rest = ''): string {
  const entries = Array.from(
    { length: count },
    (_none, at) => `  d${at + 1}: { email: { addresses: [d${at + 1}@company.test] } }`,
  );
  const section = count === 0 ? '' : `destinations:\n${entries.join('\n')}\n`;
  return `version: 1\n${section}${rest}`;
}
