import { Undecodable } from '../undecodable.ts';
import type { AvroCursor } from './avro-cursor.ts';

/**
 * Reads what a logical type makes of its schema (specification, "Logical Types"): dates and times as ISO
 * 8601, decimals as texts. Undefined for one that stays what it is, or does not go with its type.
 */
export function logicalReader(
  logicalType: string,
  schema: { readonly type: string; readonly scale?: number; readonly size?: number },
): ((cursor: AvroCursor) => unknown) | undefined {
  const { type, scale = 0, size = 0 } = schema;
  if (logicalType === 'decimal') {
    if (type === 'bytes') return (cursor) => decimalText(cursor.take(cursor.size()), scale);
    return type === 'fixed' ? (cursor) => decimalText(cursor.take(size), scale) : undefined;
  }
  if (logicalType === 'date' && type === 'int')
    return (cursor) => timeText(cursor.long() * 86_400_000n, 'milli', (time) => time.slice(0, 10));
  const [, local, unit] = /^(local-)?timestamp-(milli|micro|nano)s$/.exec(logicalType) ?? [];
  if (unit === undefined || type !== 'long') return undefined;
  const shown = local === undefined ? (time: string) => time : (time: string) => time.slice(0, -1);
  return (cursor) => timeText(cursor.long(), unit as Unit, shown);
}

type Unit = 'milli' | 'micro' | 'nano';

/** How many of them a millisecond has, and in how many digits they are behind its own. */
const perMilli: Readonly<Record<Unit, bigint>> = { milli: 1n, micro: 1_000n, nano: 1_000_000n };

/** The number itself where it is no time that can be written. */
function timeText(value: bigint, unit: Unit, shown: (time: string) => string): string {
  const per = perMilli[unit];
  const fraction = ((value % per) + per) % per;
  const time = new Date(Number((value - fraction) / per));
  if (Number.isNaN(time.getTime())) return String(value);
  const digits = per === 1n ? '' : String(fraction).padStart(String(per).length - 1, '0');
  return shown(time.toISOString().replace('Z', `${digits}Z`));
}

/** Two's complement, big-endian. */
function decimalText(bytes: Buffer, scale: number): string {
  if (bytes.length > decimalBytesMax) throw new Undecodable('it holds a number of more than 1024 bytes');
  const unscaled = BigInt.asIntN(bytes.length * 8, BigInt(`0x0${bytes.toString('hex')}`));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale === 0 ? '' : `.${digits.slice(-scale)}`;
  return `${unscaled < 0n ? '-' : ''}${whole}${fraction}`;
}

/** Longer ones take long to write in decimal. */
const decimalBytesMax = 1024;
