import { describe, expect, test } from '@jest/globals';
import { hideAdminOnly, rebase } from '../../src/core/admin-only.ts';
import { planResource } from '../../src/core/plan-resource.ts';
import type { Observed } from '../../src/core/resource.ts';
import {
  aContext,
  aDestination,
  aField,
  aLiveDestination,
  aRecord,
  aRecorded,
  kindNamed,
  UUID_A,
} from '../support/builders.ts';

const { rules } = kindNamed('destination');
const PATH = 'email.addresses';

describe('hideAdminOnly', () => {
  test('shows the name and type alone', () => {
    const live = aLiveDestination(UUID_A, 'leads', { email: { addresses: ['a@company.test'] } });
    const { gaps, name } = hideAdminOnly(live, rules);
    expect(name).toBe('leads');
    expect(gaps.map(({ prefix }) => prefix)).toContain(PATH);
    expect(gaps.map(({ prefix }) => prefix)).not.toContain('display_name');
  });
});

describe('rebase', () => {
  test('moves live by what the record says differs, and keeps what others did', () => {
    const field = aField({ path: PATH, before: ['old', 'kept'], after: ['kept', 'new'], verdict: 'assumed' });
    const [moved] = rebase([field], { [PATH]: ['old', 'kept', 'theirs'] }, rules);
    expect(moved).toMatchObject({ before: ['old', 'kept', 'theirs'], after: ['kept', 'theirs', 'new'] });
  });
});

describe('a plan of an admin and of one who is none', () => {
  const leads = aDestination('leads', { email: { addresses: ['a@company.test'] } });
  const record = aRecord({
    'destination/leads': aRecorded(leads, {
      applied: { display_name: 'leads', [PATH]: ['old@company.test'] },
    }),
  });
  const live = (addresses: readonly string[]): Observed =>
    aLiveDestination(UUID_A, 'leads', { email: { addresses } });
  const planOf = (observed: Observed) =>
    planResource(leads, { state: 'found', observed, by: 'record' }, aContext({ record }));
  const shown = (addresses: readonly string[]) => planOf(live(addresses));
  const hidden = planOf({
    ...live([]),
    spec: { display_name: 'leads' },
    gaps: [{ prefix: 'email', why: 'admins only' }],
  });

  test('come to one operation where nobody drifted', () => {
    expect(shown(['old@company.test']).op).toBe(hidden.op);
    expect(hidden).toMatchObject({ verb: 'update', fields: [{ verdict: 'assumed' }] });
  });

  test('keep the lesser operation apart where somebody did', () => {
    const change = shown(['old@company.test', 'drift@company.test']);
    expect(change.op).not.toBe(hidden.op);
    expect('lesser' in change ? change.lesser : undefined).toMatchObject({
      op: hidden.op,
      fields: [{ after: ['drift@company.test', 'a@company.test'] }],
    });
  });
});
