import type { Random } from '../env/random.ts';

/** What unique ids begin with (IAM user guide, "IAM identifiers", "Understanding unique ID prefixes"). */
type Prefix = 'AKIA' | 'AIDA' | 'AGPA' | 'AROA' | 'ANPA';

/**
 * A unique id: the prefix and letters and digits of base32, 16 for an access key and 17 for all others. 80
 * bits are random, so that none comes twice.
 */
export function uniqueId(prefix: Prefix, random: Random): string {
  const length = prefix === 'AKIA' ? 16 : 17;
  return prefix + base32Letters(random.bytes(length));
}

/** A letter or a digit for the lower five bits of each byte. */
export function base32Letters(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => alphabet[byte & 31]).join('');
}

/** RFC 4648 §6. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 40 characters of base64, as AWS's secrets have. */
export function newSecret(random: Random): string {
  return random.bytes(30).toString('base64');
}
