import { hostname } from 'node:os';

/** How clients may call this machine. A host that stands for all of its addresses is none of its names. */
export function namesOfMachine(hosts: readonly string[]): string[] {
  const own = hosts.map((host) => withoutZone(host.toLowerCase()));
  const names = ['localhost', '127.0.0.1', '::1', hostname().toLowerCase(), ...own];
  return [...new Set(names)].filter((name) => !wildcards.has(name) && nameable.test(name));
}

/** A host that others can reach: the machine's name in place of all of its addresses. */
export function hostOfMachine(host: string): string {
  return wildcards.has(host) ? hostname() : host;
}

const wildcards: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Addresses, and host names as certificates may hold them. */
const nameable = /^[a-z0-9:._-]+$/;

/** The zone of an IPv6 address means something on one machine only. */
function withoutZone(address: string): string {
  return address.split('%', 1)[0]!;
}
