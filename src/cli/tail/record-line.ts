import type { DecodedRecord } from '../../views/view.ts';
import { printable } from '../answer-text.ts';

/** A record as a line of JSON. */
export function recordJson(record: DecodedRecord): string {
  const { data: _, arrival, body, trouble, ...rest } = record;
  return `${JSON.stringify({ ...rest, time: new Date(arrival).toISOString(), body, trouble })}\n`;
}

/** A record as a line for people: time, shard, key, body. */
export function recordLine(record: DecodedRecord, hasColors: boolean): string {
  const { arrival, shardId, partitionKey, subSequence, body, trouble } = record;
  const paint = hasColors ? painted : plain;
  const shard = String(Number(shardId.replace(/^shardId-/, '')));
  const place = subSequence === undefined ? shard : `${shard}.${subSequence}`;
  const shown = printable(typeof body === 'string' ? body : JSON.stringify(body));
  const why = trouble === undefined ? '' : `  ${paint(red, printable(`(${trouble})`))}`;
  return `${paint(dim, new Date(arrival).toISOString())}  ${paint(shardColor(shardId), place)}  ${paint(bold, printable(partitionKey))}  ${shown}${why}\n`;
}

/** ECMA-48, "SGR". */
const painted = (code: number, text: string) => `\x1b[${code}m${text}\x1b[0m`;
const plain = (_: number, text: string) => text;

const bold = 1;
const dim = 2;
const red = 31;

/** Cyan, green, magenta, blue and yellow, by the shard. */
const shardColors = [36, 32, 35, 34, 33];

function shardColor(shardId: string): number {
  return shardColors[Number(shardId.slice(-6)) % shardColors.length] ?? shardColors[0]!;
}
