/** `negative ? -1 : 1` times `digits` times 10 to the power of `exponent`; zero has no digits and exponent 0. */
export type Decimal = { readonly isNegative: boolean; readonly digits: string; readonly exponent: number };

/** Undefined for a text that is no number. Leading and trailing zeros of the digits are gone. */
export function parseDecimal(text: string): Decimal | undefined {
  throw new Error(`soon: ${text}`);
}
