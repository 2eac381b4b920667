import type { Entry, EntryPath, EntryValue, Finding } from '../../core/entry.ts';
import { entryText, isEntry } from '../../core/entry.ts';
import { isEmailAddress } from '../../core/email.ts';
import type { Declared, FieldRule, Wish } from '../../core/resource.ts';
import type { Item, Value } from '../../core/value.ts';
import type { Kind } from '../kind.ts';
import { connectDestinations } from './api.ts';
import { observeDestination } from './observe.ts';
import { destinationSchema } from './schema.ts';
import { ADMIN_ONLY, CONFIG_KEYS, DESTINATION_TYPES, type TypeShape } from './shape.ts';

const WRITE_ONLY = 'the API accepts it and never returns it';

export const destination: Kind = {
  name: 'destination',
  section: 'destinations',
  title: 'notification destinations',
  docs: 'https://docs.databricks.com/api/workspace/notificationdestinations',
  ownership: 'whole',
  // A PATCH may keep a secret that it was to clear.
  isReadBack: true,
  schema: destinationSchema,
  rules: fieldRules(),
  resolve,
  observe: observeDestination,
  isSame: (declared, observed) =>
    declared.name === observed.name &&
    Object.entries(declared.traits).every(([trait, value]) => observed.traits[trait] === value),
  judge: () => ({ obstacles: [], warnings: [] }),
  audience: () => ({}),
  access: { need: 'admin' },
  connect: connectDestinations,
};

function fieldRules(): readonly FieldRule[] {
  return Object.entries(DESTINATION_TYPES).flatMap(([key, shape]) =>
    Object.entries(shape.fields).map(([field, { secrecy }]) => ({
      path: `${key}.${field}`,
      adminOnly: ADMIN_ONLY,
      sentWith: 'config',
      ...(secrecy === 'readable' ? {} : { writeOnly: WRITE_ONLY }),
    })),
  );
}

function resolve(key: string, entry: Entry): Declared {
  const name = entryText(entry['display_name']) || key;
  const id = entryText(entry['id']);
  const isExisting = entry['existing'] === true;
  const types = CONFIG_KEYS.filter((type) => entry[type] !== undefined);
  const [type, second] = types;
  const configured =
    type === undefined || second !== undefined ? UNTYPED : resolveConfig(name, type, entry[type]);
  return {
    ...configured,
    name,
    ...(id === '' ? {} : { id }),
    wishes: isExisting ? {} : configured.wishes,
    isExisting,
    adoption: entry['adopt'] === 'keep' ? 'keep' : 'write',
    findings: [...typeFindings(types, isExisting), ...configured.findings],
  };
}

type Configured = Pick<Declared, 'traits' | 'wishes' | 'origins' | 'findings'>;

const UNTYPED: Configured = { traits: {}, wishes: {}, origins: {}, findings: [] };

function resolveConfig(name: string, type: string, config: EntryValue | undefined): Configured {
  const shape = DESTINATION_TYPES[type];
  const fields = isEntry(config) ? config : {};
  if (shape === undefined) return UNTYPED;
  return {
    traits: { type: shape.type },
    wishes: wishesOf(name, type, shape, fields),
    origins: originsOf(type, fields),
    findings: [...modeFindings(type, shape, fields), ...addressFindings(type, fields)],
  };
}

/** Every field of the type is wished for: one that the file leaves out is wished empty, as we own the object whole. */
function wishesOf(name: string, type: string, shape: TypeShape, fields: Entry): Declared['wishes'] {
  const wishes: Record<string, Wish> = { display_name: exact(name) };
  for (const field of Object.keys(shape.fields)) wishes[`${type}.${field}`] = exact(valueOf(fields[field]));
  return wishes;
}

function originsOf(type: string, fields: Entry): Readonly<Record<string, EntryPath>> {
  const origins: Record<string, EntryPath> = { display_name: ['display_name'] };
  for (const field of Object.keys(fields)) origins[`${type}.${field}`] = [type, field];
  return origins;
}

function typeFindings(types: readonly string[], isExisting: boolean): readonly Finding[] {
  const allowed = `allowed: ${CONFIG_KEYS.join(', ')}`;
  const second = types[1];
  if (second !== undefined) {
    const message = `a destination has one type; this one has ${types.join(' and ')}`;
    return [error('destination-types', [second], message, 'keep one, or make two destinations')];
  }
  if (isExisting && types[0] !== undefined) {
    const hint = 'drop `existing: true` to manage it, or drop the configuration to look it up';
    return [error('existing-with-config', [types[0]], 'an existing destination is never written', hint)];
  }
  if (isExisting || types.length === 1) return [];
  const hint = `${allowed}; or \`existing: true\` for a destination that somebody else owns`;
  return [error('destination-type-missing', [], 'this destination has no type', hint)];
}

function modeFindings(type: string, shape: TypeShape, fields: Entry): readonly Finding[] {
  const given = Object.keys(fields);
  const started = shape.modes.filter((mode) => mode.some((field) => given.includes(field)));
  const wanted = shape.modes.map((mode) => mode.join(' + ')).join(', or ');
  if (started.length > 1) {
    return [
      error(
        'destination-modes',
        [type],
        `${shape.title} is set up in two ways at once`,
        `give either ${wanted}`,
      ),
    ];
  }
  const mode = started[0] ?? shape.modes[0] ?? [];
  const missing = mode.filter((field) => !given.includes(field));
  if (missing.length === 0) return [];
  return [
    error(
      'destination-field-missing',
      [type],
      `${missing.join(' and ')} is missing`,
      `${shape.title} needs ${wanted}`,
    ),
  ];
}

function addressFindings(type: string, fields: Entry): readonly Finding[] {
  if (type !== 'email' || !Array.isArray(fields['addresses'])) return [];
  return fields['addresses'].flatMap((address: EntryValue, index) =>
    typeof address === 'string' && !isEmailAddress(address)
      ? [
          error(
            'bad-email',
            [type, 'addresses', index],
            `"${address}" is not an e-mail address`,
            'for example team@example.com',
          ),
        ]
      : [],
  );
}

function exact(value: Value): Wish {
  return { mode: 'exact', value };
}

function valueOf(value: EntryValue | undefined): Value {
  if (value === undefined || isEntry(value)) return null;
  return Array.isArray(value) ? (value as readonly Item[]) : (value as Item);
}

function error(code: string, path: EntryPath, message: string, hint: string): Finding {
  return { code, severity: 'error', path, message, hint };
}
