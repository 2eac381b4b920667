import type { Route } from './route.ts';
import { ALERT_ROUTES } from './routes/alerts.ts';
import { DASHBOARD_ROUTES } from './routes/dashboards.ts';
import { DESTINATION_ROUTES } from './routes/destinations.ts';
import { JOB_ROUTES } from './routes/jobs.ts';
import { PERMISSION_ROUTES } from './routes/permissions.ts';
import { PIPELINE_ROUTES } from './routes/pipelines.ts';
import { REGISTRY_WEBHOOK_ROUTES } from './routes/registry-webhooks.ts';
import { SCIM_ROUTES } from './routes/scim.ts';
import { UNITY_CATALOG_ROUTES } from './routes/unity-catalog.ts';
import { WORKSPACE_CONF_ROUTES } from './routes/workspace-conf.ts';
import { WORKSPACE_FILE_ROUTES } from './routes/workspace-files.ts';

/** Every API of the simulated workspace; one more is one file and one line here. */
export const ROUTES: readonly Route[] = [
  ...JOB_ROUTES,
  ...DESTINATION_ROUTES,
  ...PIPELINE_ROUTES,
  ...REGISTRY_WEBHOOK_ROUTES,
  ...SCIM_ROUTES,
  ...PERMISSION_ROUTES,
  ...UNITY_CATALOG_ROUTES,
  ...WORKSPACE_CONF_ROUTES,
  ...WORKSPACE_FILE_ROUTES,
  ...ALERT_ROUTES,
  ...DASHBOARD_ROUTES,
];
