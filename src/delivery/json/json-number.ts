/** Digits that a double holds exactly, whatever they are. */
const exactDigitsMax = 15;
/** The largest power of ten that a double holds exactly, and all before it. */
const powers = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/**
 * An integer from its digits, which JSON's grammar has been held against; undefined where a double may not
 * hold it exactly: `bigIntegerAt` reads those.
 */
export function integerAt(bytes: Uint8Array, start: number, end: number): number | undefined {
  const isNegative = bytes[start] === 0x2d;
  let at = isNegative ? start + 1 : start;
  if (end - at > exactDigitsMax) return undefined;
  let value = 0;
  for (; at < end; at += 1) value = value * 10 + (bytes[at]! - 0x30);
  return isNegative ? 0 - value : value;
}

export function bigIntegerAt(bytes: Buffer, start: number, end: number): bigint {
  return BigInt(bytes.toString('latin1', start, end));
}

/** The double that is next to what is written; infinite where it is too large. */
export function doubleAt(bytes: Buffer, start: number, end: number): number {
  // Digits that fit, over a power of ten that fits, are rounded once by the division: correctly.
  const isNegative = bytes[start] === 0x2d;
  let at = isNegative ? start + 1 : start;
  let digits = 0;
  let value = 0;
  let point = end;
  for (; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte === 0x2e) {
      point = at + 1;
    } else {
      digits += 1;
      if (digits > exactDigitsMax || byte < 0x30 || byte > 0x39)
        return Number(bytes.toString('latin1', start, end));
      value = value * 10 + (byte - 0x30);
    }
  }
  const whole = value / powers[end - point]!;
  return isNegative ? -whole : whole;
}

/**
 * A number as written, times ten to the `scale`, as an integer: half is rounded away from zero, as Hive's
 * decimals are. Undefined for what is far larger, or written far longer, than any column holds.
 */
export function scaledAt(bytes: Buffer, start: number, end: number, scale: number): bigint | undefined {
  if (end - start > decimalTextMax) return undefined;
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(bytes.toString('latin1', start, end));
  if (parts === null) return undefined;
  const fraction = parts[3] ?? '';
  const exponent = Number(parts[4] ?? 0);
  if (Math.abs(exponent) > exponentMax) return undefined;
  const digits = BigInt(`${parts[2]}${fraction}`);
  const shift = exponent - fraction.length + scale;
  const size = shift >= 0 ? digits * 10n ** BigInt(shift) : roundedOver(digits, 10n ** BigInt(-shift));
  return parts[1] === '-' ? -size : size;
}

const exponentMax = 1_000;
const decimalTextMax = 1_000;

function roundedOver(value: bigint, divisor: bigint): bigint {
  return (value * 2n + divisor) / (divisor * 2n);
}
