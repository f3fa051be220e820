import { validationError } from './validation-error.ts';

/**
 * A number of DynamoDB's: `digits` times 10 to the power of `exponent`. The digits neither begin nor end with
 * a zero; zero itself has none, is not negative, and its exponent is 0.
 */
export type Decimal = { readonly isNegative: boolean; readonly digits: string; readonly exponent: number };

// DynamoDB developer guide, "Supported data types and naming rules": up to 38 digits of precision, positive
// numbers from 1E-130 to 9.9999999999999999999999999999999999999E+125, and their negatives.
const digitsMax = 38;
const magnitudeMin = -130;
const magnitudeMax = 125;

const numberForm = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
/** Java reads the power of ten into 32 bits. */
const powerMax = 2 ** 31 - 1;
/** So many digits, with a sign, are exact in a double, and so is the sum of two such. */
const exactLengthMax = 15;
const zero: Decimal = { isNegative: false, digits: '', exponent: 0 };

/**
 * The only text that a number has in an answer: no leading or trailing zeros, no exponent, no sign of a zero.
 * Throws a ValidationException for what is no number, or none that DynamoDB keeps.
 */
export function canonicalNumber(text: string): string {
  if (isPlainInteger(text)) return text;
  const decimal = parseDecimal(text);
  if (decimal === undefined) {
    const shown = text === '' ? '' : `: ${text.slice(0, 100)}`;
    throw validationError(`The parameter cannot be converted to a numeric value${shown}`);
  }
  return keptText(decimal);
}

/** Undefined for a text that is no number. Its size is not limited. */
function parseDecimal(text: string): Decimal | undefined {
  const match = numberForm.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', powerText = '0'] = match;
  const power = Number(powerText);
  const all = whole + fraction;
  if (all === '' || Math.abs(power) > powerMax) return undefined;
  let from = 0;
  while (from < all.length && all[from] === '0') from++;
  if (from === all.length) return zero;
  let end = all.length;
  while (all[end - 1] === '0') end--;
  const exponent = power - fraction.length + (all.length - end);
  return { isNegative: sign === '-', digits: all.slice(from, end), exponent };
}

/** Without an exponent, however many zeros that takes. */
function decimalText({ isNegative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = isNegative ? '-' : '';
  if (exponent >= 0) return sign + digits + '0'.repeat(exponent);
  const point = digits.length + exponent;
  if (point > 0) return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  return `${sign}0.${'0'.repeat(-point)}${digits}`;
}

/**
 * Of two canonical numbers, exactly. Throws a ValidationException where the sum has more digits, or is larger
 * or smaller, than DynamoDB keeps.
 */
export function sumOf(a: string, b: string): string {
  if (isExactInteger(a) && isExactInteger(b)) return String(Number(a) + Number(b));
  return keptText(added(known(a), known(b)));
}

/** The same for `a` without `b`. */
export function differenceOf(a: string, b: string): string {
  if (isExactInteger(a) && isExactInteger(b)) return String(Number(a) - Number(b));
  const subtrahend = known(b);
  const negated = subtrahend === zero ? zero : { ...subtrahend, isNegative: !subtrahend.isNegative };
  return keptText(added(known(a), negated));
}

/** Below, at or above 0, as canonical `a` is less than, equal to or more than `b`. */
export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  if (isExactInteger(a) && isExactInteger(b)) return Number(a) - Number(b);
  return compareDecimals(known(a), known(b));
}

function compareDecimals(a: Decimal, b: Decimal): number {
  const signs = signOf(a) - signOf(b);
  if (signs !== 0) return signs;
  const magnitudes = magnitudeOf(a) - magnitudeOf(b);
  const absolute = magnitudes !== 0 ? magnitudes : a.digits === b.digits ? 0 : a.digits < b.digits ? -1 : 1;
  return a.isNegative ? -absolute : absolute;
}

/** The power of ten of the first digit; of zero, 0. */
export function magnitudeOf({ digits, exponent }: Decimal): number {
  return digits === '' ? 0 : exponent + digits.length - 1;
}

/** Of a text that `canonicalNumber` made. */
export function known(text: string): Decimal {
  const decimal = parseDecimal(text);
  if (decimal === undefined) throw new TypeError(`${text} is no number`);
  return decimal;
}

function added(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const sum = coefficient(a, exponent) + coefficient(b, exponent);
  if (sum === 0n) return zero;
  const digits = String(sum < 0n ? -sum : sum);
  const kept = digits.replace(/0+$/, '');
  return { isNegative: sum < 0n, digits: kept, exponent: exponent + digits.length - kept.length };
}

function coefficient({ isNegative, digits, exponent }: Decimal, at: number): bigint {
  const absolute = BigInt(digits) * 10n ** BigInt(exponent - at);
  return isNegative ? -absolute : absolute;
}

function signOf({ isNegative, digits }: Decimal): number {
  return digits === '' ? 0 : isNegative ? -1 : 1;
}

function keptText(decimal: Decimal): string {
  const magnitude = magnitudeOf(decimal);
  if (magnitude > magnitudeMax) {
    throw validationError(
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    );
  }
  if (magnitude < magnitudeMin) {
    throw validationError(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  }
  if (decimal.digits.length > digitsMax) {
    throw validationError('Attempting to store more than 38 significant digits in a Number');
  }
  return decimalText(decimal);
}

/** Of canonical text. */
function isExactInteger(text: string): boolean {
  return text.length <= exactLengthMax && !text.includes('.');
}

/** Canonical as it is, which most numbers are. */
function isPlainInteger(text: string): boolean {
  const from = text.charCodeAt(0) === 0x2d ? 1 : 0; // -
  const length = text.length - from;
  if (length === 0 || length > digitsMax) return false;
  if (text.charCodeAt(from) === 0x30) return text === '0';
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}
