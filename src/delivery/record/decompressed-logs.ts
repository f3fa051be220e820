import { gunzipSync } from 'node:zlib';
import { isJson, parsed } from './check-validity.ts';
import { eachRecord, type Refusal } from './each-record.ts';
import { bytesMaxInflated, isBrokenStream } from './inflated.ts';
import type { Stage } from './record-stages.ts';

export type LogsDecompression = {
  readonly decompresses: boolean;
  /** `DataMessageExtraction`: a record is the messages of its log events. */
  readonly takesMessages: boolean;
};

/**
 * What subscriptions of CloudWatch Logs send, as Firehose reads it: JSON in gzip, which stays one record.
 * With `takesMessages` it becomes the messages of its log events, a line each, empty ones too; a control
 * message becomes a record without a byte. What is none of it is refused.
 */
export function decompressLogs(how: LogsDecompression): Stage {
  return eachRecord((record) => {
    const inflated = how.decompresses ? gunzipped(record.data) : record.data;
    const data = how.takesMessages ? inflated && messagesOf(inflated) : inflated;
    if (data === undefined || !(how.takesMessages || isJson(data))) return notLogs;
    return { ...record, data, original: record.original ?? record.data };
  });
}

function gunzipped(data: Buffer): Buffer | undefined {
  try {
    return gunzipSync(data, { maxOutputLength: bytesMaxInflated });
  } catch (error) {
    if (isBrokenStream(error)) return undefined;
    throw error;
  }
}

/**
 * Undefined where it is no message of a subscription (CloudWatch Logs user guide, "Subscription filters").
 */
function messagesOf(data: Buffer): Buffer | undefined {
  const envelope = parsed(data);
  if (!isObject(envelope)) return undefined;
  if (envelope['messageType'] === 'CONTROL_MESSAGE') return Buffer.alloc(0);
  const events = envelope['logEvents'];
  if (envelope['messageType'] !== 'DATA_MESSAGE' || !Array.isArray(events)) return undefined;
  let text = '';
  for (const event of events as readonly unknown[]) {
    if (!isObject(event) || typeof event['message'] !== 'string') return undefined;
    text += `${event['message']}\n`;
  }
  return Buffer.from(text);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As Firehose says it. */
const notLogs: Refusal = {
  kind: 'decompression-failed',
  code: 'Decompression failed.',
  message: 'Decompression failed because input data does not conform to cloudwatch log.',
};
