import { type Answer, missing, ok } from '../answer.ts';
import { uuidOf } from '../arbitrary.ts';
import type { JsonObject } from '../json.ts';
import { cursorFrom, cutPage, pageSize } from '../paging.ts';
import type { Call, Route } from '../route.ts';
import type { SeedDashboard, SeedSchedule } from '../seed.ts';

const PATH = '/api/2.0/lakeview/dashboards';

/** AI/BI dashboards, their schedules and who is subscribed, read only. */
export const DASHBOARD_ROUTES: readonly Route[] = [
  { method: 'GET', path: PATH, answer: list },
  { method: 'GET', path: `${PATH}/{dashboard}/schedules`, answer: listSchedules },
  {
    method: 'GET',
    path: `${PATH}/{dashboard}/schedules/{schedule}/subscriptions`,
    answer: listSubscriptions,
  },
];

function list(call: Call): Answer {
  const rows = call.world.workspace.dashboards.map((dashboard) => ({
    dashboard_id: dashboard.dashboard_id,
    display_name: dashboard.display_name ?? dashboard.dashboard_id,
    lifecycle_state: 'ACTIVE',
  }));
  return paged(call, 'dashboards', rows);
}

function listSchedules(call: Call): Answer {
  const dashboard = dashboardOf(call);
  const rows = (dashboard.schedules ?? []).map((schedule) => ({
    dashboard_id: dashboard.dashboard_id,
    schedule_id: schedule.schedule_id,
    pause_status: 'UNPAUSED',
  }));
  return paged(call, 'schedules', rows);
}

function listSubscriptions(call: Call): Answer {
  const dashboard = dashboardOf(call);
  const schedule = scheduleOf(call, dashboard);
  const ids = { dashboard_id: dashboard.dashboard_id, schedule_id: schedule.schedule_id };
  const rows = (schedule.subscriptions ?? []).map((subscription, index) => ({
    ...ids,
    subscription_id: uuidOf(`${ids.dashboard_id}/${ids.schedule_id}/${index}`),
    ...subscription,
  }));
  return paged(call, 'subscriptions', rows);
}

function paged(call: Call, what: string, rows: readonly JsonObject[]): Answer {
  const size = pageSize(call.query, { parameter: 'page_size', usual: 20, max: 1000 });
  const scope = Object.values(call.params).concat(what).join('/');
  const keyed = rows.map((row, index) => ({ key: String(index).padStart(8, '0'), row }));
  const cursor = cursorFrom(scope, call.query.get('page_token'));
  const page = cutPage(keyed, size, { scope, cursor, offset: 0, listing: 0 });
  return ok({
    ...(page.rows.length === 0 ? {} : { [what]: page.rows.map(({ row }) => row) }),
    ...(page.next === undefined ? {} : { next_page_token: page.next }),
  });
}

function dashboardOf(call: Call): SeedDashboard {
  const id = call.params['dashboard'] ?? '';
  const dashboard = call.world.workspace.dashboards.find((one) => one.dashboard_id === id);
  if (dashboard === undefined) throw missing(`Unable to find dashboard [dashboardId=${id}]`);
  return dashboard;
}

function scheduleOf(call: Call, dashboard: SeedDashboard): SeedSchedule {
  const id = call.params['schedule'] ?? '';
  const schedule = dashboard.schedules?.find((one) => one.schedule_id === id);
  if (schedule === undefined) throw missing(`Unable to find schedule [scheduleId=${id}]`);
  return schedule;
}
