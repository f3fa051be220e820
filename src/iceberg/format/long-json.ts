/**
 * A 64-bit integer of a table's metadata: snapshots of other writers have ids that no number holds exactly.
 */
export type Long = number | bigint;

/** JSON in which integers that a number does not hold exactly are bigints. Throws SyntaxError. */
export function parseLongJson(text: string): unknown {
  // Metadata grows to megabytes: what has no such numbers, or text that looks like them, is read ten times as
  // fast.
  if (!/[:[,]\s*-?\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key: string, value: unknown, context?: { readonly source?: string }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    const source = context?.source ?? '';
    return /^-?\d+$/.test(source) ? BigInt(source) : value;
  });
}

/** The same back: a bigint is a number in JSON, and what is undefined is left out. */
export function formatLongJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // There is a bigint: that is rare, and found as fast as it is looked for.
    if (!(error instanceof TypeError)) throw error;
    return formatSlowly(value);
  }
}

function formatSlowly(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => formatSlowly(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${formatSlowly(member)}`).join(',')}}`;
}

/** As a number, where that holds it. */
export function longOf(value: bigint): Long {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** Whether both are the same number, however they are held. */
export function isSameLong(left: Long | null | undefined, right: Long | null | undefined): boolean {
  if (left == null || right == null) return left == null && right == null;
  return BigInt(left) === BigInt(right);
}
