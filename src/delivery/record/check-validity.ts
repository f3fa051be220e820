import { isUtf8 } from 'node:buffer';
import { eachRecord, type Refusal } from './each-record.ts';
import type { Stage } from './record-stages.ts';

/** Refuses records that are not what a channel's `RecordFormatType` says. */
export function checkValidity(validity: 'JSON' | 'UTF8'): Stage {
  const isValid = validity === 'JSON' ? isJson : isUtf8;
  const refusal = validity === 'JSON' ? notJson : notUtf8;
  return eachRecord((record) => (isValid(record.data) ? record : refusal));
}

/** Whether bytes are one value of JSON (RFC 8259), in UTF-8. */
export function isJson(data: Buffer): boolean {
  return isUtf8(data) && parsed(data) !== undefined;
}

/** The value of one text of JSON in UTF-8; undefined where it is none. */
export function parsed(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const notJson: Refusal = {
  kind: 'channel-failed',
  code: 'InvalidRecordFormat',
  message: 'The record is not a valid JSON payload.',
};

const notUtf8: Refusal = {
  kind: 'channel-failed',
  code: 'InvalidRecordFormat',
  message: 'The record is not a valid UTF-8 string.',
};
