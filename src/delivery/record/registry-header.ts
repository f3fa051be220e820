import { inflateSync } from 'node:zlib';
import type { DeliveredRecord } from './delivered-record.ts';
import { eachRecord, type Refusal } from './each-record.ts';
import { bytesMaxInflated, isBrokenStream } from './inflated.ts';

/**
 * Takes the header off payloads of the Glue schema registry: a version (3), a byte that says whether the rest
 * is compressed (0: no, 5: zlib), and the 16 bytes of the schema version's id (awslabs/aws-glue-schema-
 * registry, "AWSSchemaRegistryConstants").
 */
export const removeRegistryHeaders = eachRecord((record) => {
  const { data } = record;
  if (data.length < headerBytes || data[0] !== headerVersion) return withoutHeader;
  const body = data.subarray(headerBytes);
  switch (data[1]) {
    case 0:
      return withData(record, body);
    case 5:
      return inflatedRecord(record, body);
    default:
      return withoutHeader;
  }
});

function inflatedRecord(record: DeliveredRecord, body: Buffer): DeliveredRecord | Refusal {
  try {
    return withData(record, inflateSync(body, { maxOutputLength: bytesMaxInflated }));
  } catch (error) {
    if (isBrokenStream(error)) return brokenPayload;
    throw error;
  }
}

function withData(record: DeliveredRecord, data: Buffer): DeliveredRecord {
  return { ...record, data, original: record.original ?? record.data };
}

const headerVersion = 3;
const headerBytes = 1 + 1 + 16; // version, compression, id

const withoutHeader: Refusal = {
  kind: 'channel-failed',
  code: 'InvalidRecordFormat',
  message: 'The record has no header of the Glue schema registry.',
};

const brokenPayload: Refusal = {
  kind: 'channel-failed',
  code: 'InvalidRecordFormat',
  message: 'The payload behind the header of the Glue schema registry is not what it is compressed as.',
};
