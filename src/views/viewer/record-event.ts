import { bufferOf } from '../../env/buffer-of.ts';
import type { DecodedRecord, ViewedRecord } from '../view.ts';

/** A record as a server-sent event, as it was put or decoded, without the empty line that ends it. */
export function recordEvent(record: ViewedRecord | DecodedRecord): string {
  return `event: record\ndata: ${JSON.stringify({ ...record, data: bufferOf(record.data).toString('base64') })}\n`;
}
