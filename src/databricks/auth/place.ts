import { type Host, isAzureHost } from '../host.ts';
import type { Attributes } from './attributes.ts';
import type { Place } from './method.ts';

/** Without a host, only what is set can say that it is Azure. */
export function placeOf(host: Host | undefined, { cloud, azureResourceId }: Attributes): Place {
  const isSaid = cloud?.value.toLowerCase() === 'azure' || azureResourceId !== undefined;
  return { origin: host?.origin ?? '', isAzure: isSaid || (host !== undefined && isAzureHost(host)) };
}
