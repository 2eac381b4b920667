/** Which workspace of a host that serves several a request is for; lower-case, as all our headers. */
export const WORKSPACE_HEADER = 'x-databricks-workspace-id';
