import { isIPv4 } from 'node:net';

/** The 4 or 16 bytes of an IP address without a zone, as certificates hold them. */
export function addressBytes(address: string): Uint8Array<ArrayBuffer> {
  if (isIPv4(address)) return Uint8Array.from(address.split('.'), Number);
  // A URL writes all forms of an address as one: groups of hexadecimal digits, at most one run of zeros left
  // out.
  const { hostname } = new URL(`http://[${address}]`);
  const [before, after] = hostname.slice(1, -1).split('::').map(groupsOf);
  const zeros = after === undefined ? 0 : 8 - before!.length - after.length;
  const groups = [...before!, ...new Array<number>(zeros).fill(0), ...(after ?? [])];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}
