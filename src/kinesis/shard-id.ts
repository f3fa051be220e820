/**
 * The wire form of a shard's index: `shardId-` and twelve digits. A sequence number may encode a negative
 * index; AWS prints its sign as one of the twelve.
 */
export function formatShardId(index: number): string {
  const digits = index < 0 ? `-${String(-index).padStart(11, '0')}` : String(index).padStart(12, '0');
  return `shardId-${digits}`;
}

/**
 * The index that AWS reads from a shard id, or undefined when it reads none. It is loose about the prefix:
 * what follows the first `-` counts (the whole string without one), and must be a whole number of 31 bits.
 */
export function parseShardId(text: string): number | undefined {
  const digits = text.slice(text.indexOf('-') + 1);
  if (!/^\d{1,128}$/.test(digits)) return undefined;
  const index = Number(digits);
  return index <= indexMax ? index : undefined;
}

const indexMax = 0x7fff_ffff;
