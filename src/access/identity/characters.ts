import type { AccessKey, Named } from './state.ts';

/**
 * The characters of all texts in a user, group, role, policy or access key: what it takes of memory and
 * journal.
 */
export function charactersOf(thing: Named | AccessKey): number {
  return charactersIn(thing);
}

function charactersIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let total = 0;
  for (const member of Object.values(value)) total += charactersIn(member);
  return total;
}

/** As IAM counts a policy: white space is free. */
export function sizeOf(document: string): number {
  return document.replace(/\s/g, '').length;
}
