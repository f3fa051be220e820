import { Connection } from '../../harness/connection.ts';
import { Signer } from '../../harness/signer.ts';
import { streamName } from '../load.ts';
import { until } from '../schedule.ts';

/** Puts records one by one at fixed times; each says when it was sent, for the function that gets it. */
export async function timedPuts(
  port: number,
  { count, perSecond, stream = streamName }: { count: number; perSecond: number; stream?: string },
): Promise<void> {
  const idle = await Connection.openMany(port, connectionCount);
  const signer = new Signer(port);
  const startMs = performance.now();
  const answers: Promise<void>[] = [];
  for (let nth = 0; nth < count; nth++) {
    await until(startMs + (nth * 1000) / perSecond);
    const connection = idle.pop();
    if (connection === undefined) throw new Error(`${connectionCount} puts wait for their answers`);
    answers.push(put(connection, signer, stream, nth).finally(() => idle.push(connection)));
  }
  await Promise.all(answers);
  for (const connection of idle) connection.close();
}

const connectionCount = 64;

async function put(connection: Connection, signer: Signer, stream: string, nth: number): Promise<void> {
  // As large as other records of the benchmark.
  const data = String(process.hrtime.bigint()).padEnd(1024);
  const input = {
    StreamName: stream,
    PartitionKey: `key-${nth}`,
    Data: Buffer.from(data).toString('base64'),
  };
  const request = signer.request('PutRecord', Buffer.from(JSON.stringify(input)));
  const { status, body } = await connection.exchange(request);
  if (status !== 200) throw new Error(`PutRecord: ${status} ${body.toString('latin1', 0, 300)}`);
}
