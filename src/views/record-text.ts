import { isUtf8 } from 'node:buffer';
import { bufferOf } from '../env/buffer-of.ts';
import type { DecodedRecord } from './view.ts';

/** What a record reads as: its bytes where they are UTF-8, else its body, structured ones as JSON. */
export function recordText({ data, body }: DecodedRecord): string {
  if (isUtf8(data)) return bufferOf(data).toString();
  return typeof body === 'string' ? body : JSON.stringify(body);
}
