import type { DecodedRecord } from '../../views/view.ts';
import { jsonText, printable } from '../answer-text.ts';

/** A record as a line of JSON. */
export function recordJson(record: DecodedRecord): string {
  const { shardId, sequenceNumber, subSequence, partitionKey, explicitHashKey, arrival } = record;
  const { forms, schemaId, body, trouble } = record;
  const time = new Date(arrival).toISOString();
  const place = { shardId, sequenceNumber, subSequence, partitionKey, explicitHashKey, time };
  return `${jsonText({ ...place, forms, schemaId, body, trouble })}\n`;
}

/** A record as a line for people: time, shard, key, body. */
export function recordLine(record: DecodedRecord, hasColours: boolean): string {
  const { arrival, shardId, partitionKey, subSequence, body, trouble } = record;
  const paint = hasColours ? painted : plain;
  const shard = String(Number(shardId.replace(/^shardId-/, '')));
  const place = subSequence === undefined ? shard : `${shard}.${subSequence}`;
  const shown = printable(typeof body === 'string' ? body : JSON.stringify(body));
  const why = trouble === undefined ? '' : `  ${paint(red, printable(`(${trouble})`))}`;
  const time = paint(dim, new Date(arrival).toISOString());
  const key = paint(bold, printable(partitionKey));
  return `${time}  ${paint(shardColour(shardId), place)}  ${key}  ${shown}${why}\n`;
}

/** ECMA-48, "SGR". */
const painted = (code: number, text: string) => `\x1b[${code}m${text}\x1b[0m`;
const plain = (_: number, text: string) => text;

const bold = 1;
const dim = 2;
const red = 31;

/** Cyan, green, magenta, blue and yellow, by the shard. */
const shardColours = [36, 32, 35, 34, 33];

function shardColour(shardId: string): number {
  return shardColours[Number(shardId.slice(-6)) % shardColours.length] ?? shardColours[0]!;
}
