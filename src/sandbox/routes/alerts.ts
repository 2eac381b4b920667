import { type Answer, missing, ok } from '../answer.ts';
import { textAt } from '../json.ts';
import { cursorFrom, cutPage, pageSize } from '../paging.ts';
import type { Call, Route } from '../route.ts';

/** Alerts v2, read only. Trashed ones are gone from the list and still answer GET. */
export const ALERT_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/api/2.0/alerts', answer: list },
  { method: 'GET', path: '/api/2.0/alerts/{id}', answer: get },
];

function list(call: Call): Answer {
  const size = pageSize(call.query, { parameter: 'page_size', usual: 20, max: 100 });
  const cursor = cursorFrom('alerts', call.query.get('page_token'));
  const alerts = call.world.workspace.alerts
    .values()
    .filter(({ alert }) => textAt(alert, 'lifecycle_state') === 'ACTIVE');
  const page = cutPage(alerts, size, { scope: 'alerts', cursor, offset: 0, listing: 0 });
  return ok({
    ...(page.rows.length === 0 ? {} : { alerts: page.rows.map(({ alert }) => alert) }),
    ...(page.next === undefined ? {} : { next_page_token: page.next }),
  });
}

function get(call: Call): Answer {
  const id = call.params['id'] ?? '';
  const alert = call.world.workspace.alerts.read(id);
  if (alert === undefined) throw missing(`Alert with id '${id}' does not exist.`);
  return ok(alert.alert);
}
