import type { ShowDocument, ShownObject } from '../core/document.ts';
import { EXIT, type ExitCode, SettingsError } from '../core/errors.ts';
import { isNamedBy } from '../core/guard.ts';
import { isOrphan } from '../core/orphan.ts';
import type { RecordDocument, RecordedObject } from '../core/record.ts';
import { type Directory, directoryOf } from '../core/directory.ts';
import { PLAN_FORMAT_VERSION, plainSpec } from '../report/plan-document.ts';
import { renderShowJson, renderShowText } from '../report/show.ts';
import { Secret } from '../core/secret.ts';
import type { Spec } from '../core/value.ts';
import type { Host } from '../host/host.ts';
import type { Kind } from '../kinds/kind.ts';
import { load } from './load.ts';
import type { ShowOptions } from './options.ts';
import { pageOf } from './print.ts';
import { type Session, loadRecord, openSession, workspaceOf } from './session.ts';
import { TOOL } from './tool.ts';

/** What is on record, read by its id: id, live values, when its secrets were applied. */
export async function runShow(host: Host, options: ShowOptions): Promise<ExitCode> {
  const loaded = await load(host, options, options.target);
  const session = await openSession(host, options, { loaded, access: 'read' });
  const { document: record } = await loadRecord(session);
  const recorded = record?.serial === 0 ? null : record;
  const named = Object.entries(recorded?.objects ?? {}).filter(([address, object]) =>
    isAsked(options.address, address, object),
  );
  // Rules may cover thousands, and each that is shown is read by itself.
  const isToShow = options.address !== undefined;
  const asked = named.filter(([, object]) => isToShow || !isOnlyCovered(object));
  if (options.address !== undefined && asked.length === 0) {
    throw new SettingsError(`nothing on record is called "${options.address}"`, {
      hint: 'without an address, `lakebell show` lists everything',
    });
  }
  const directory = directoryOn(recorded);
  const objects = await Promise.all(
    asked.map(([address, object]) => show(session, { address, recorded: object, directory })),
  );
  session.status('');
  const document = documentOf(session, recorded, { objects, covered: named.length - asked.length });
  host.out(
    options.format === 'json'
      ? renderShowJson(document)
      : renderShowText(document, host.clock(), pageOf(host, options)),
  );
  return EXIT.done;
}

function isAsked(pattern: string | undefined, address: string, { kind, key, name }: RecordedObject): boolean {
  return pattern === undefined || isNamedBy(pattern, { address, kind, key, display: name });
}

type Shown = { readonly address: string; readonly recorded: RecordedObject; readonly directory: Directory };

async function show(session: Session, { address, recorded, directory }: Shown): Promise<ShownObject> {
  const { key, id, name, secrets } = recorded;
  const port = session.ports.find(({ kind }) => kind.name === recorded.kind);
  const raw = port === undefined ? null : await port.api.get(id);
  const applied = Object.entries(secrets).map(([path, { applied_at }]) => [path, applied_at] as const);
  const orphan = isOrphanNow(session, recorded);
  const told = { address, key, id, orphan, secrets: Object.fromEntries(applied) };
  if (port === undefined || raw === null) return { ...told, display: name, fields: null, outputs: {} };
  const live = port.kind.observe(raw);
  const shown = secretsShown(live.spec, recorded);
  const fields = plainSpec({ ...statedFields(port.kind, live.spec, recorded), ...shown }, directory);
  const outputs = port.kind.outputs?.(raw, secrets) ?? {};
  return { ...told, display: live.name, fields, outputs };
}

function isOrphanNow({ ports, resources, rules }: Session, recorded: RecordedObject): boolean {
  // Whether a rule that is still there selects it today, only a plan can tell.
  if (rules.some(({ key }) => recorded.rules?.includes(key) === true)) return false;
  const entry = resources.find(({ kind, key }) => kind === recorded.kind && key === recorded.key);
  const port = ports.find(({ kind }) => kind.name === recorded.kind);
  return isOrphan(recorded, entry, port?.kind.ownership ?? 'whole');
}

/** What was applied as a secret stays one where the API shows it, also to who does not have it in the environment. */
function secretsShown(spec: Spec, { secrets }: RecordedObject): Readonly<Record<string, Secret>> {
  const shown = Object.entries(secrets).flatMap(([path, { label }]) => {
    const value = spec[path];
    return typeof value === 'string' && value !== '' ? [[path, Secret.of(label, [], value)] as const] : [];
  });
  return Object.fromEntries(shown);
}

/** Of somebody else's object only what we state is shown. */
function statedFields({ ownership }: Kind, spec: Spec, { applied }: RecordedObject): Spec {
  const fields = Object.entries(spec).filter(([path]) => ownership === 'whole' || path in applied);
  return Object.fromEntries(fields);
}

/** Ids of what is on record are shown by the key that the file gives them. */
function directoryOn(record: RecordDocument | null): Directory {
  const ids = Object.entries(record?.objects ?? {}).map(([address, { id }]) => [address, id] as const);
  return directoryOf({ names: new Map(), complete: new Set(), ids: new Map(ids) });
}

/** On record because of rules, without an entry of its own. */
function isOnlyCovered({ key, id, rules = [] }: RecordedObject): boolean {
  return key === id && rules.length > 0;
}

function documentOf(
  session: Session,
  record: RecordDocument | null,
  { objects, covered }: { readonly objects: readonly ShownObject[]; readonly covered: number },
): ShowDocument {
  return {
    format_version: PLAN_FORMAT_VERSION,
    tool: TOOL,
    workspace: workspaceOf(session),
    recorded:
      record === null ? null : { at: record.updated_at, identity: record.identity, serial: record.serial },
    objects,
    ...(covered === 0 ? {} : { covered }),
  };
}
