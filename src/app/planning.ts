import { type Change, isPending } from '../core/change.ts';
import { type Diagnostic, sortDiagnostics } from '../core/diagnostic.ts';
import type { ExplanationDocument, PlanDocument, RefusalDocument } from '../core/document.ts';
import { digestPlan } from '../core/digest.ts';
import { matchesGlob } from '../core/glob.ts';
import { type Refusal, type Usage, isNamedBy, judge } from '../core/guard.ts';
import { loosened } from '../core/loosened.ts';
import { type Plan, plan, planOne, summarise } from '../core/plan.ts';
import type { Move } from '../core/move.ts';
import type { KindTraits, PlanContext, PlanInput, Policy } from '../core/plan-parts.ts';
import type { RecordDocument } from '../core/record.ts';
import type { Resource } from '../core/resource.ts';
import type { Drawn } from '../core/rollback-plan.ts';
import type { Foresee } from '../engine/foresight.ts';
import { type LiveState, readLive } from '../engine/live.ts';
import { compareSecrets } from '../engine/secrets.ts';
import { readUsage } from '../engine/usage.ts';
import { KINDS } from '../kinds/index.ts';
import { matches } from '../record/fingerprint.ts';
import { SCANNERS } from '../references/references.ts';
import { planDocument } from '../report/plan-document.ts';
import { withOwners } from './bundle-owners.ts';
import { departurePolicy, movesOf, recordFindings, withMoves } from './departures.ts';
import { coverageOf } from './coverage.ts';
import { explanationsOf } from './explanation.ts';
import { checkAddresses, checkOnly } from './named.ts';
import type { PlanOptions } from './options.ts';
import { danglingNotes, isRepairing, repairing } from './repairing.ts';
import { type Recorded, type Session, workspaceOf } from './session.ts';
import { TOOL } from './tool.ts';

/** A plan with everything that was read for it. */
export type Planned = {
  readonly plan: Plan;
  readonly context: PlanContext;
  readonly live: LiveState;
  /** Guards that say no, those that were lifted included. */
  readonly refusals: readonly RefusalDocument[];
  readonly record: RecordDocument | null;
  /** What `moved` renamed in it since it was saved. */
  readonly moved: readonly Move[];
  readonly document: PlanDocument;
};

/** Read, diff, judge: the same for a preview, an apply and everything that compares. */
export async function makePlan(session: Session, options: PlanOptions, recorded: Recorded): Promise<Planned> {
  const record = recorded.document;
  checkAddresses(session.resources, options);
  const { resources: declared, draw } = session.source?.from(record) ?? {
    resources: session.resources,
    draw: drawFile,
  };
  // The inverse of an apply is about the objects that it wrote, whatever rules say now.
  const rules = session.source === undefined ? session.rules : [];
  const ground = { ...(await groundOf(session, options, { recorded, resources: declared })), rules };
  const seen = { job: record?.jobs_seen ?? null };
  const { ports } = session;
  const isThorough = isRepairing(options);
  // What is drawn otherwise, or with repairs that are known only then, is planned once everything was read.
  const foresee = draw === drawFile && !isThorough ? foreseeing(ground) : {};
  const wish = { resources: declared, rules, ports, seen, context: ground, isThorough, ...foresee };
  const live = await readLive(wish);
  const { resources } = live;
  const repair = await repairing(session, options, live);
  const policy = { ...ground.policy, ...repair.policy };
  const { matches, orphans, foreseen } = live;
  const input = { resources, matches, orphans, foreseen, config: session.config.name };
  const { plan: complete, context } = draw(input, { ...ground, policy, directory: live.directory });
  checkOnly(complete.changes, options);
  const drawn = restrict(complete, options, session);
  const whole = { ...drawn, changes: await withOwners(session.client, drawn.changes, live.directory) };
  const refusals = await judgePlan(session, options, { plan: whole, record });
  session.status('');
  const moved = movesOf(whole.changes, recorded);
  const parts = { plan: whole, context, live, refusals, record, moved };
  // What the file says of its own objects is no finding about the inverse of an apply.
  const isFile = session.source === undefined;
  const covered = coverageOf(rules, { live, changes: complete.changes, record });
  const findings = isFile
    ? [...recordFindings({ session, record, changes: complete.changes }), ...covered.findings]
    : [];
  const dangling = isFile ? danglingNotes(whole.changes, live.directory) : [];
  const notes = [...recorded.notes, ...covered.notes, ...repair.notes, ...dangling];
  const explanations = explanationsOf(live, { patterns: options.explain, entries: declared });
  const said = { notes, findings, explanations, rules: covered.rules, repair: options.repair };
  return { ...parts, document: documentOf(session, parts, said) };
}

/** In the context that the plan will be drawn in, but for what is called how. */
function foreseeing(ground: Omit<PlanContext, 'directory'>): { readonly foresee: Foresee } {
  return { foresee: (resource, match, directory) => planOne(resource, match, { ...ground, directory }) };
}

function drawFile(input: PlanInput, context: PlanContext): Drawn {
  return { plan: plan(input, context), context };
}

/** Guards that stop an apply: those that nobody lifted. */
export function standing(refusals: readonly RefusalDocument[]): readonly RefusalDocument[] {
  return refusals.filter(({ allowed }) => allowed === undefined);
}

async function groundOf(
  session: Session,
  options: PlanOptions,
  { recorded, resources }: { readonly recorded: Recorded; readonly resources: readonly Resource[] },
): Promise<Omit<PlanContext, 'directory'>> {
  const { fingerprintKey } = session;
  const record = recorded.document;
  return {
    workspaceId: session.identity.workspaceId,
    record,
    kindOf: (name) => traitsOf(name),
    policy: { ...policyOf(session, options), ...departurePolicy(session, recorded) },
    compareSecret: await compareSecrets(resources, record, (secret, print) =>
      matches(secret, print, fingerprintKey),
    ),
  };
}

function traitsOf(name: string): KindTraits | undefined {
  const kind = KINDS.find((one) => one.name === name);
  if (kind === undefined) return undefined;
  const { ownership, rules } = kind;
  return {
    ownership,
    rules,
    judge: (target, write) => kind.judge(target, write),
    audience: (spec) => kind.audience(spec),
  };
}

const LENIENCE = { report: 'block', manage: 'warn', skip: 'skip' } as const;

function policyOf(session: Session, { rotate, replace }: PlanOptions): Policy {
  const { settings } = session.config;
  return {
    // What a rollback takes away, it chooses by itself.
    prune: settings.prune && session.source === undefined,
    rotation: settings.rotate,
    isRotated: (address) => rotate.includes(address),
    isReplaced: (address) => replace.includes(address),
    lenience: { bundle: LENIENCE[settings.bundle_jobs] },
    mutedWhy: (resource, path) => mutedWhy(session, resource, path),
  };
}

/** `settings.mutes`, as long as they last. */
function mutedWhy({ config, host }: Session, resource: Resource, path: string): string | undefined {
  const now = host.clock();
  const named = { ...resource, display: resource.name };
  const mute = config.settings.mutes.find(
    ({ address, fields, until }) =>
      until >= now && isNamedBy(address, named) && fields.some((glob) => matchesGlob(glob, path)),
  );
  if (mute === undefined) return undefined;
  return `changed by hand, and muted until ${new Date(mute.until).toISOString().slice(0, 10)}: ${mute.why}`;
}

/** `--only`: what it does not name is not part of the plan, its digest included. */
function restrict(whole: Plan, { only }: PlanOptions, { identity, config }: Session): Plan {
  if (only.length === 0) return whole;
  const changes = whole.changes.filter((change) => only.some((pattern) => isNamedBy(pattern, change)));
  const kept = new Set(changes.map(({ address }) => address));
  const held = changes.map((change) => withoutHelp(change, kept));
  const ops = held.flatMap(({ op }) => (op === null ? [] : [op]));
  return { changes: held, digest: digestPlan(ops, identity.workspaceId, config.name) };
}

function withoutHelp(change: Change, kept: ReadonlySet<string>): Change {
  const lost = change.requires.find((address) => !kept.has(address));
  if (lost === undefined || !isPending(change)) return change;
  const { address, kind, key, display, source, fields, notes, requires, id } = change;
  const obstacle = { reason: 'requires', message: `it needs ${lost}, which --only leaves out` };
  return {
    address,
    kind,
    key,
    display,
    source,
    fields,
    notes,
    requires,
    id,
    verb: 'blocked',
    op: null,
    obstacle,
  };
}

type Judged = { readonly plan: Plan; readonly record: RecordDocument | null };

async function judgePlan(
  session: Session,
  options: PlanOptions,
  judged: Judged,
): Promise<readonly RefusalDocument[]> {
  const { changes, digest } = judged.plan;
  const { settings } = session.config;
  const owned = Object.values(judged.record?.objects ?? {});
  const refusals = judge({
    changes,
    limits: settings.limits,
    protect: settings.protect,
    declared: session.resources.length + session.rules.length,
    owned: {
      // What the file lets go of is not lost by an empty file.
      all: owned.length - changes.filter(({ verb }) => verb === 'detach').length,
      whole: owned.filter(({ kind }) => traitsOf(kind)?.ownership === 'whole').length,
    },
    usage: await usageOf(session, changes),
    kindOf: traitsOf,
  });
  const inFile = settings.allow.filter((allowance) => allowance.digest === digest);
  return refusals.map((refusal) => withAllowance(refusal, options.allow, inFile));
}

/** The full scan runs only where something is deleted or replaced. */
function usageOf({ ports, client, credentials }: Session, changes: readonly Change[]): Promise<Usage> {
  const isAsked = changes.some(({ verb }) => verb === 'delete' || verb === 'replace');
  if (!isAsked) return Promise.resolve({ state: 'read', users: [] });
  const kinds = ports.flatMap(({ kind, api }) =>
    api.users === undefined ? [] : [{ what: kind.title, find: () => api.users?.() ?? Promise.resolve([]) }],
  );
  const others = SCANNERS.map(({ what, find }) => ({ what, find: () => find(client) }));
  return readUsage([...kinds, ...others], credentials.host);
}

function withAllowance(
  refusal: Refusal,
  allowed: readonly string[],
  inFile: Session['config']['settings']['allow'],
): RefusalDocument {
  if (allowed.includes(refusal.guard)) return { ...refusal, allowed: '--allow' };
  const allowance = inFile.find(({ guard }) => guard === refusal.guard);
  return allowance === undefined ? refusal : { ...refusal, allowed: allowance.reason };
}

type Said = {
  readonly notes: readonly string[];
  readonly findings: readonly Diagnostic[];
  readonly rules: PlanDocument['rules'];
  readonly explanations: readonly ExplanationDocument[];
  readonly repair: PlanOptions['repair'];
};

function documentOf(
  session: Session,
  parts: Omit<Planned, 'document'>,
  { notes, findings, explanations, rules, repair = [] }: Said,
): PlanDocument {
  const { config, identity, client, diagnostics } = session;
  const { plan: whole, live, refusals, context, record, moved } = parts;
  const looser = loosened(config.settings, record);
  return planDocument({
    ...(looser.length === 0 ? {} : { loosened: looser }),
    tool: TOOL,
    config: { name: config.name, files: config.files, sha256: config.sha256 },
    workspace: workspaceOf(session),
    summary: summarise(whole.changes, live.foreign),
    changes: withMoves(whole.changes, moved),
    diagnostics: sortDiagnostics([...diagnostics, ...findings]),
    ...(rules === undefined ? {} : { rules }),
    ...(explanations.length === 0 ? {} : { explanations }),
    refusals,
    unreadable: live.unreadable.map((one) => ({ ...one, identity: identity.userName })),
    complete: live.isComplete,
    digest: whole.digest,
    requests: client.stats(),
    notes: [...notes, ...live.notes, ...(session.source?.notes ?? [])],
    ...(session.source === undefined ? {} : { rolls_back: session.source.serial }),
    ...(repair.length === 0 ? {} : { repairs: [...new Set(repair)] }),
    directory: context.directory,
  });
}
