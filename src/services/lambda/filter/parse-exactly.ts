export type ExactlyParsed = {
  readonly value: unknown;
  /** Whether a number was read as a bigint. */
  readonly hasLongNumbers: boolean;
};

/**
 * A text of JSON in which integers beyond 2^53 keep all their digits: ids of 64 bits are told apart. Throws
 * `SyntaxError`.
 */
export function parseExactly(text: string): ExactlyParsed {
  let hasLongNumbers = false;
  const value: unknown = JSON.parse(text, (_, read: unknown, context?: { readonly source?: string }) => {
    if (typeof read !== 'number' || Math.abs(read) <= Number.MAX_SAFE_INTEGER) return read;
    const source = context?.source ?? '';
    if (!integerForm.test(source)) return read;
    hasLongNumbers = true;
    return BigInt(source);
  });
  return { value, hasLongNumbers };
}

const integerForm = /^-?\d+$/;
