import { randomBytes } from 'node:crypto';
import { SignedRequest, Signer } from '../harness/signer.ts';
import { putRecord } from '../src/services/kinesis/operations/put-record.ts';
import { putRecords } from '../src/services/kinesis/operations/put-records.ts';
import { cbor } from '../src/wire/cbor/cbor.ts';
import { json } from '../src/wire/json/json.ts';
import { type Puts, recordBytes, recordsPerRequest, streamName } from './load.ts';

/** Requests that take turns, and what one of them is worth. */
export type Corpus = {
  readonly requests: readonly SignedRequest[];
  readonly records: number;
  /** Of data; undefined counts those of the answer's body. */
  readonly bytes: number | undefined;
  /** Whether a 200 with this body is no error. */
  isAccepted(body: Buffer): boolean;
};

/** Distinct requests to put, enough that no cache is all of the story: 16 x 700 KB or 1024 x 1.4 KB. */
export function putCorpus(port: number, puts: Puts): Corpus {
  const signer = new Signer(port, codecOf(puts).contentType);
  const records = puts.recordsPerRequest ?? recordsPerRequest[puts.operation];
  const bytes = records * (puts.recordBytes ?? recordBytes);
  const streamNames = puts.streamNames ?? [streamName];
  const count = Math.max(4, streamNames.length, Math.min(1024, Math.round(corpusBytes / bytes)));
  return {
    requests: Array.from({ length: count }, (_, index) => {
      const name = streamNames[index % streamNames.length]!;
      return new SignedRequest(signer, puts.operation, body(puts, { name, index, records }));
    }),
    records,
    bytes,
    // An answer that lists failed records is an error as a whole.
    isAccepted: (answer) =>
      puts.operation === 'PutRecord' || noneFailed.some((text) => answer.includes(text)),
  };
}

/** In JSON and in CBOR. */
const noneFailed = ['"FailedRecordCount":0', 'FailedRecordCount\0'];

const corpusBytes = 16 * 500 * 1024;

function body(puts: Puts, { name, index, records }: { name: string; index: number; records: number }) {
  const codec = codecOf(puts);
  const of = (nth: number) => {
    const PartitionKey = puts.keys?.[nth % puts.keys.length] ?? randomBytes(8).toString('hex');
    return { PartitionKey, Data: randomBytes(puts.recordBytes ?? recordBytes) };
  };
  if (puts.operation === 'PutRecord')
    return codec.encode({ StreamName: name, ...of(index) }, putRecord.input);
  const Records = Array.from({ length: records }, (_, nth) => of(nth));
  return codec.encode({ StreamName: name, Records }, putRecords.input);
}

function codecOf({ encoding }: Puts) {
  return encoding === 'CBOR' ? cbor : json;
}
