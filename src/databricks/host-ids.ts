/** What the query of a host's address, as a browser shows it, says besides the host. */
export type HostIds = { readonly workspaceId: string | undefined; readonly accountId: string | undefined };

/** `?w=`, `?o=` or `?workspace_id=`, in this order, and `?a=` or `?account_id=`; only `w` may be no number. */
export function readHostIds(text: string): HostIds {
  const query = new URLSearchParams(/^[^?#]*\?([^#]*)/.exec(text.trim())?.[1] ?? '');
  const valueOf = (name: string): string | undefined => query.get(name)?.trim() || undefined;
  const numberOf = (name: string): string | undefined => /^\d+$/.exec(valueOf(name) ?? '')?.[0];
  return {
    workspaceId: valueOf('w') ?? numberOf('o') ?? numberOf('workspace_id'),
    accountId: valueOf('a') ?? valueOf('account_id'),
  };
}
