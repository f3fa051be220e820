import { randomBytes } from 'node:crypto';
import { type Outcome, type PutLoad, recordBytes, recordsPerRequest, streamName } from './load.ts';
import { replay } from './replay.ts';
import { SignedRequest, Signer } from './signer.ts';

/** Puts records as fast as the server answers. */
export function putRecords(port: number, serverPid: number, load: PutLoad): Promise<Outcome> {
  const signer = new Signer(port);
  const records = recordsPerRequest[load.operation];
  const corpus = {
    requests: bodies(load).map((body) => new SignedRequest(signer, load.operation, body)),
    records,
    bytes: records * recordBytes,
    // An answer that lists failed records is an error as a whole.
    isAccepted: (body: Buffer) => load.operation === 'PutRecord' || body.includes('"FailedRecordCount":0'),
  };
  return replay(port, serverPid, corpus, load);
}

/** Distinct bodies, enough that no cache is all of the story: 16 x 700 KB or 1024 x 1.4 KB. */
function bodies({ operation, keys }: PutLoad): Buffer[] {
  if (operation === 'PutRecord') {
    return Array.from({ length: 1024 }, (_, index) =>
      json({ StreamName: streamName, ...record(index, keys) }),
    );
  }
  return Array.from({ length: 16 }, () => {
    const records = Array.from({ length: recordsPerRequest.PutRecords }, (_, index) => record(index, keys));
    return json({ StreamName: streamName, Records: records });
  });
}

function record(index: number, keys: PutLoad['keys']) {
  const partitionKey = keys?.[index % keys.length] ?? randomBytes(8).toString('hex');
  return { PartitionKey: partitionKey, Data: randomBytes(recordBytes).toString('base64') };
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
