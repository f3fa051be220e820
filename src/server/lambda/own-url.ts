import type { Endpoint, Place } from '../../env/network.ts';

/**
 * A server's URL for programs of its machine; undefined where it has no port, as SDKs know no Unix sockets.
 * What listens on all addresses is on loopback, too.
 */
export function ownUrlOf(endpoints: readonly Place[], isTls: boolean): string | undefined {
  const ports = endpoints.filter((place) => 'port' in place);
  const place = ports.find(({ name }) => name === undefined) ?? ports[0];
  return place && `${isTls ? 'https' : 'http'}://${hostOf(place)}:${place.port}`;
}

function hostOf({ host }: Endpoint): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
