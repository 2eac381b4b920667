import type { Verb } from '../core/change.ts';
import type { ChangeDocument, FieldDocument, PlanDocument, RefusalDocument } from '../core/document.ts';
import { type Phrase, enumerate, message, ours, page, say } from './phrase.ts';
import { alike } from './groups.ts';
import { ownerLikeness, ownerSentence } from './owner.ts';
import { refusing } from './verdict.ts';
import { plural } from './words.ts';

/** What a reviewer must not miss; `level` is GitHub's word for it. */
export type Alert = {
  readonly level: 'caution' | 'warning' | 'important' | 'note';
  readonly title: Phrase;
  readonly lines: readonly Phrase[];
};

/** The strongest first: what stops the plan, what takes away, what overwrites, what does more, what guards less, what reverts, what stays undone. */
export function alertsOf(document: PlanDocument): readonly Alert[] {
  return [
    ...refusing(document).map(refused),
    ...document.refusals.flatMap(lifted),
    ...incomplete(document),
    ...removals(document.changes),
    ...overwrites(document.changes),
    ...sideEffects(document.changes),
    ...loosening(document),
    ...reverts(document.changes),
    ...blocks(document.changes),
  ];
}

const SHOWN = 10;
/** Each of them is somebody's to change, so a list that is cut early costs a search. */
const MOST_USERS = 100;

function refused(refusal: RefusalDocument): Alert {
  const { guard, message: why, allow, users = [] } = refusal;
  const remedy = say`If that is meant: ${'settings.allow'} with this plan's digest, or ${`--allow ${allow}`} for one run`;
  const reason = users.length === 0 ? [message(why)] : inUse(users.length);
  return { level: 'caution', title: say`Refused by ${guard}`, lines: [reason, remedy, ...usersOf(refusal)] };
}

function lifted(refusal: RefusalDocument): readonly Alert[] {
  const { guard, message: why, allowed, users = [] } = refusal;
  if (allowed === undefined) return [];
  const title = say`${guard} is lifted: ${message(allowed)}`;
  const reason = users.length === 0 ? [message(why)] : inUse(users.length);
  return [{ level: 'warning', title, lines: [reason, ...usersOf(refusal)] }];
}

function inUse(count: number): Phrase {
  const still = count === 1 ? 'place still points' : 'places still point';
  return say`${count} ${ours(still)} at what would go, and ${ours(count === 1 ? 'is' : 'are')} not ours to rewire`;
}

/** Who still uses what would go, each with the way to it. */
function usersOf({ users = [] }: RefusalDocument): readonly Phrase[] {
  const lines = users.map(
    // A name may hold what cannot stand in a link.
    ({ user, name, place, uses, link }) => say`${name} (${page(user, link)}) uses ${uses} in ${place}`,
  );
  if (lines.length <= MOST_USERS) return lines;
  return [...lines.slice(0, MOST_USERS), say`and ${lines.length - MOST_USERS} more, in the plan as JSON`];
}

function incomplete({ complete, unreadable }: PlanDocument): readonly Alert[] {
  if (complete) return [];
  const lines = unreadable.map(({ what, why, identity }) => say`${what}: ${message(why)} (as ${identity})`);
  return [
    { level: 'warning', title: say`Incomplete: too little could be read to conclude`, lines: capped(lines) },
  ];
}

function removals(changes: readonly ChangeDocument[]): readonly Alert[] {
  const gone = changes.filter(({ verb }) => verb === 'delete' || verb === 'replace').length;
  const lost = changes.flatMap((change) => (change.verb === 'replace' ? [] : losses(change)));
  const lines = [
    ...goneLine('deletes', changes, 'delete'),
    ...goneLine('replaces', changes, 'replace'),
    ...lost.map(
      ({ change, field, members }) => say`${nameOf(change)} loses ${quoted(members)} in ${field.path}`,
    ),
  ];
  if (lines.length === 0) return [];
  const count = lost.reduce((sum, { members }) => sum + members.length, 0);
  const counts = [gone > 0 ? plural(gone, 'object') : '', count > 0 ? plural(count, 'value') : ''];
  const title = say`Removes ${ours(counts.filter((text) => text !== '').join(' and '))}`;
  return [{ level: 'warning', title, lines: capped(lines) }];
}

function goneLine(word: string, changes: readonly ChangeDocument[], verb: Verb): readonly Phrase[] {
  const gone = changes.filter((change) => change.verb === verb).map(nameOf);
  return gone.length === 0 ? [] : [say`${ours(word)} ${enumerate(gone, SHOWN)}`];
}

type Loss = {
  readonly change: ChangeDocument;
  readonly field: FieldDocument;
  readonly members: readonly string[];
};

function losses(change: ChangeDocument): readonly Loss[] {
  return change.fields.flatMap((field) => {
    const members = lostMembers(field);
    return members.length === 0 ? [] : [{ change, field, members }];
  });
}

function lostMembers({ verdict, before, after }: FieldDocument): readonly string[] {
  if (verdict === 'ignored' || verdict === 'opaque' || before === null) return [];
  const kept = new Set((Array.isArray(after) ? after : [after]).map(String));
  if (Array.isArray(before)) return before.map(String).filter((member) => !kept.has(member));
  // A flag that is set back to false takes nothing from anybody.
  return after === null && before !== false && before !== '' ? [String(before)] : [];
}

function overwrites(changes: readonly ChangeDocument[]): readonly Alert[] {
  const lines = changes.flatMap((change) => {
    const opaque = change.fields.filter(({ verdict }) => verdict === 'opaque');
    if (change.verb !== 'adopt' || opaque.length === 0) return [];
    const fields = opaque.map(({ path, after }) => say`${path} with ${String(after)}`);
    return [say`${nameOf(change)}: ${enumerate(fields, SHOWN)}`];
  });
  if (lines.length === 0) return [];
  const title = say`Adopting overwrites what cannot be read back`;
  return [{ level: 'warning', title, lines: capped(lines) }];
}

function sideEffects(changes: readonly ChangeDocument[]): readonly Alert[] {
  const lines = changes.flatMap((change) =>
    (change.effects ?? []).map((effect) => say`${nameOf(change)}: ${message(effect)}`),
  );
  if (lines.length === 0) return [];
  return [{ level: 'warning', title: say`May do more than change notifications`, lines: capped(lines) }];
}

function loosening({ loosened = [] }: PlanDocument): readonly Alert[] {
  if (loosened.length === 0) return [];
  const lines = loosened.map(({ setting, before, after }) => say`${setting}: ${before}, now ${after}`);
  return [{ level: 'warning', title: say`Guards are loosened`, lines: capped(lines) }];
}

function reverts(changes: readonly ChangeDocument[]): readonly Alert[] {
  const lines = changes.flatMap((change) => {
    const drifted = change.fields.filter((field) => field.drifted && field.verdict !== 'ignored');
    return drifted.length === 0 ? [] : [say`${nameOf(change)}: ${quoted(drifted.map(({ path }) => path))}`];
  });
  if (lines.length === 0) return [];
  return [
    { level: 'important', title: say`Drift: changed by hand, and will be reverted`, lines: capped(lines) },
  ];
}

function blocks(changes: readonly ChangeDocument[]): readonly Alert[] {
  const blocked = changes.filter((change) => change.blocked !== null);
  const likeness = (change: ChangeDocument): string =>
    change.blocked?.owner === undefined ? change.address : ownerLikeness(change);
  const lines = alike(blocked, likeness).flatMap(blockLine);
  if (lines.length === 0) return [];
  return [
    { level: 'note', title: say`${blocked.length} blocked; this stops nothing else`, lines: capped(lines) },
  ];
}

/** Those of one bundle's file are said together. */
function blockLine(changes: readonly ChangeDocument[]): readonly Phrase[] {
  const [first] = changes;
  if (first === undefined || first.blocked === null) return [];
  const { reason, message: why, hint, owner } = first.blocked;
  const remedy = hint === null ? [] : say` (${message(hint)})`;
  const kind = /^(?:job|pipeline)(?=\/)/u.exec(first.address)?.[0] ?? 'object';
  const who =
    changes.length === 1
      ? say`${nameOf(first)} is ${reason}`
      : say`${ours(plural(changes.length, kind))} are ${reason}`;
  const whose = owner === undefined ? [] : say`. ${ownerSentence(owner)}`;
  return [say`${who}: ${message(why)}${remedy}${whose}`];
}

function nameOf({ display, address }: ChangeDocument): Phrase {
  return say`${display} (${address})`;
}

function quoted(texts: readonly string[]): Phrase {
  return enumerate(
    texts.map((text) => say`${text}`),
    SHOWN,
  );
}

function capped(lines: readonly Phrase[]): readonly Phrase[] {
  if (lines.length <= SHOWN) return lines;
  return [...lines.slice(0, SHOWN), say`and ${lines.length - SHOWN} more, below`];
}
