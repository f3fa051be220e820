import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../../harness/connection.ts';
import { Signer } from '../../harness/signer.ts';

/** Flights as lines of JSON, each to be a record, and requests that put them over and over. */
export class Flights {
  readonly #bodies: readonly Buffer[];
  /** Of one time through. */
  readonly bytes: number;
  readonly records: number;

  /** Real ones: domestic flights in the USA in 2001, as vega-datasets has them. */
  static read(stream: string): Flights {
    const file = new URL('../data/flights-20k.json', import.meta.resolve('vega-datasets'));
    const rows = JSON.parse(readFileSync(file, 'utf8')) as object[];
    return new Flights(
      rows.map((row) => JSON.stringify(row)),
      stream,
    );
  }

  private constructor(lines: readonly string[], StreamName: string) {
    this.records = lines.length;
    this.bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
    this.#bodies = Array.from({ length: lines.length / recordsPerRequest }, (_, nth) => {
      const some = lines.slice(nth * recordsPerRequest, (nth + 1) * recordsPerRequest);
      const Records = some.map((line, index) => {
        return { PartitionKey: `flight-${nth}-${index}`, Data: Buffer.from(line).toString('base64') };
      });
      return Buffer.from(JSON.stringify({ StreamName, Records }));
    });
  }

  /** Puts some bytes, at least; answers how many. With a rate it takes its time; else it does not. */
  async put(port: number, bytes: number, bytesPerSecond = Number.POSITIVE_INFINITY): Promise<number> {
    const connections = await Connection.openMany(port, connectionCount);
    const signer = new Signer(port);
    const each = this.bytes / this.#bodies.length;
    const count = Math.ceil(bytes / each);
    const beganMs = performance.now();
    let next = 0;
    const putSome = async (connection: Connection) => {
      for (let nth = next++; nth < count; nth = next++) {
        const dueMs = beganMs + (nth * each * 1000) / bytesPerSecond;
        if (dueMs > performance.now()) await sleep(dueMs - performance.now());
        const request = signer.request('PutRecords', this.#bodies[nth % this.#bodies.length]!);
        const { status, body } = await connection.exchange(request);
        if (status !== 200 || !body.includes('"FailedRecordCount":0'))
          throw new Error(`PutRecords of flights: ${status} ${body.toString('latin1', 0, 300)}`);
      }
    };
    await Promise.all(connections.map(putSome));
    for (const connection of connections) connection.close();
    return count * each;
  }
}

const recordsPerRequest = 500;
const connectionCount = 4;
