/** A source of randomness: unpredictable in production, seeded in simulation. */
export interface Random {
  /** `length` fresh bytes, fit for keys and nonces. */
  bytes(length: number): Buffer;
}

/** A random UUID, version 4 (RFC 9562 §5.4). */
export function uuid(random: Random): string {
  const bytes = random.bytes(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
