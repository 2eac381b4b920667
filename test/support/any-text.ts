import * as fc from 'fast-check';

/** ASCII, the rest of the first plane with halves of characters in it, and everything else. */
const character = fc
  .oneof(fc.nat({ max: 0x7f }), fc.nat({ max: 0xffff }), fc.nat({ max: 0x10_ffff }))
  .map((code) => String.fromCodePoint(code));

/** Text of any characters at all. fast-check's own unit `binary` takes two seconds of every file that uses it. */
export function anyText(size: fc.ArrayConstraints = {}): fc.Arbitrary<string> {
  return fc.string({ ...size, unit: character });
}
