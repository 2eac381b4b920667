import type { ApiClient } from '../kinds/client.ts';
import type { Pointer } from '../kinds/kind.ts';
import { findAlertUsers } from './alerts.ts';
import { findDashboardUsers } from './dashboards.ts';

/** Finds who points at destinations among objects that are not kinds of ours. */
export type Scanner = {
  readonly what: string;
  readonly find: (client: ApiClient) => Promise<readonly Pointer[]>;
};

export const SCANNERS: readonly Scanner[] = [
  { what: 'SQL alerts', find: findAlertUsers },
  { what: 'dashboard schedules', find: findDashboardUsers },
];
