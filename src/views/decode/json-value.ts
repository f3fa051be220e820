import { depthMax, tooDeep, tooMany, Undecodable, valuesMax } from './undecodable.ts';

/**
 * A value of JSON, in which a number that a double does not hold is the text that it was written as.
 * `Undecodable` where the bytes, which are UTF-8, are none, or hold more than is shown.
 */
export function jsonValue(bytes: Buffer): unknown {
  requireBounded(bytes);
  const text = bytes.toString();
  try {
    const value: unknown = JSON.parse(text);
    return mayLoseDigits.test(text) ? JSON.parse(text, withAllDigits) : value;
  } catch (error) {
    if (error instanceof SyntaxError) throw new Undecodable(`it is no JSON: ${reasonIn(error)}`);
    throw error;
  }
}

/** Whether a value of JSON may begin with this byte. */
export function mayBeginJson(byte: number | undefined): boolean {
  return byte !== undefined && beginnings.has(byte);
}

const beginnings: ReadonlySet<number> = new Set(Buffer.from('{["-0123456789tfn \t\r\n'));

/** A double holds any 15 digits, and exponents of two digits (IEEE 754, binary64). */
const mayLoseDigits = /[\d.]{16}|[eE][+-]?\d{3}/;

function withAllDigits(_key: string, value: unknown, { source }: { readonly source?: string } = {}): unknown {
  if (typeof value !== 'number' || source === undefined) return value;
  return decimal(source) === decimal(String(value)) ? value : source;
}

/** One form for all ways to write a number: its digits without zeros around them, and the power of ten. */
function decimal(text: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] = numberParts.exec(text) ?? [];
  if (sign === undefined) return text;
  const digits = whole + fraction;
  const significant = digits.replace(/^0+/, '').replace(/0+$/, '');
  if (significant === '') return '0';
  const zeros = digits.length - digits.replace(/0+$/, '').length;
  return `${sign}${significant}e${Number(exponent) - fraction.length + zeros}`;
}

const numberParts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Looks at brackets and commas alone, and takes the bytes for JSON. */
function requireBounded(bytes: Buffer): void {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case quote:
        at = endOfString(bytes, at);
        break;
      case comma:
        if (++values > valuesMax) throw tooMany();
        break;
      case openBrace:
      case openBracket:
        values++;
        if (++depth > depthMax) throw tooDeep();
        break;
      case closeBrace:
      case closeBracket:
        depth--;
        break;
      default:
    }
  }
}

/** Where the quote is that ends a string; the end of the bytes where there is none. */
function endOfString(bytes: Buffer, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === backslash) at++;
    else if (bytes[at] === quote) return at;
  }
  return bytes.length;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** V8 quotes the text, which is shown beside it. */
function reasonIn(error: SyntaxError): string {
  return error.message.replace(/,? ?(\.\.\.)?".*$/s, '').replace(/ \(line .*$/, '');
}
