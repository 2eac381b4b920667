import { Scalar as YamlScalar, stringify } from 'yaml';
import type { Scalar } from '../core/value.ts';

/** A value as it is to be written: references are texts with `${…}`, everything else went through `literal`. */
export type Written = Scalar | readonly Written[] | { readonly [key: string]: Written };

/** Text that happens to look like a reference, so that it is none. */
export function literal(text: string): string {
  return text.replaceAll('${', () => '$${');
}

/** One line of YAML that is good in a flow and in a block: plain where that is safe, else in double quotes. */
export function spell(value: Written): string {
  if (Array.isArray(value)) return `[${value.map((item: Written) => spell(item)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return spellScalar(value);
  const pairs = Object.entries(value).map(([key, item]) => `${spell(key)}: ${spell(item)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

/** In the quotes that stood there before, if any. */
export function spellLike(value: Scalar, former: string | undefined): string {
  const isQuoted = former === YamlScalar.QUOTE_SINGLE || former === YamlScalar.QUOTE_DOUBLE;
  return spellScalar(value, isQuoted && typeof value === 'string' ? former : undefined);
}

function spellScalar(value: Scalar, type?: YamlScalar.Type): string {
  const scalar = new YamlScalar(value);
  if (type !== undefined) scalar.type = type;
  if (typeof value === 'string' && value.includes('\n')) scalar.type = YamlScalar.QUOTE_DOUBLE;
  const list = stringify([scalar], {
    collectionStyle: 'flow',
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
    flowCollectionPadding: false,
    lineWidth: 0,
  });
  return list.trim().slice(1, -1);
}
