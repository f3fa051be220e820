/** A range of addresses, as policies name it: `203.0.113.0/24`, `2001:db8::/32`, or one address. */
export type IpRange = {
  /** Whether an address is in it. An IPv4 address mapped into IPv6 counts as the IPv4 address. */
  holds(address: string): boolean;
};

/** The range in a text (RFC 4632, RFC 4291); undefined when it is none. */
export function rangeOf(text: string): IpRange | undefined {
  const { 0: base, 1: length, length: pieces } = text.split('/');
  const address = addressOf(base!);
  if (address === undefined || pieces > 2) return undefined;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const width = address.length * 8;
  // Of a mapped address, the length counts all 128 bits of its writing.
  const ahead = base!.includes(':') ? 128 - width : 0;
  const bits = length === undefined ? width : Number(length) - ahead;
  if (bits < 0 || bits > width) return undefined;
  return {
    holds(other) {
      const bytes = addressOf(other);
      return bytes !== undefined && bytes.length === address.length && agree(address, bytes, bits);
    },
  };
}

/** Whether the first bits are the same. */
function agree(one: readonly number[], other: readonly number[], bits: number): boolean {
  return one.every((byte, index) => {
    const taken = Math.min(8, Math.max(0, bits - index * 8));
    return (byte ^ other[index]!) >> (8 - taken) === 0;
  });
}

/** An address as its 4 or 16 bytes. */
function addressOf(text: string): readonly number[] | undefined {
  const plain = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  return fourBytes(plain) ?? sixteenBytes(plain);
}

function fourBytes(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function sixteenBytes(text: string): readonly number[] | undefined {
  const [address] = text.split('%', 1); // A link's zone is no part of the address.
  const halves = address!.split('::');
  if (halves.length > 2) return undefined;
  const [start, end] = halves.map(groupsOf);
  if (start === undefined || (halves.length === 2 && end === undefined)) return undefined;
  const missing = 16 - start.length - (end?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  const bytes = [...start, ...new Array<number>(missing).fill(0), ...(end ?? [])];
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return isMapped ? bytes.slice(12) : bytes;
}

/** Groups of two bytes; the last may be an IPv4 address. */
function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    const last = index === groups.length - 1 ? fourBytes(group) : undefined;
    if (last !== undefined) bytes.push(...last);
    else if (/^[\da-f]{1,4}$/i.test(group))
      bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255);
    else return undefined;
  }
  return bytes.length <= 16 ? bytes : undefined;
}
