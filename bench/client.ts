import { Connection } from '../harness/connection.ts';
import { kinesis, Signer } from '../harness/signer.ts';

/** Calls operations one at a time and answers their JSON; rejects with what the server said instead. */
export class Client {
  readonly #connection: Connection;
  readonly #signer: Signer;

  static async open(port: number, service = kinesis): Promise<Client> {
    return new Client(await Connection.open(port), new Signer(port, undefined, service));
  }

  constructor(connection: Connection, signer: Signer) {
    this.#connection = connection;
    this.#signer = signer;
  }

  async call(operation: string, input: object): Promise<unknown> {
    const body = await this.callRaw(operation, input);
    return body.length === 0 ? {} : JSON.parse(body.toString());
  }

  /** The answer's bytes, for answers that are worth not parsing. */
  async callRaw(operation: string, input: object): Promise<Buffer> {
    const request = this.#signer.request(operation, Buffer.from(JSON.stringify(input)));
    const { status, body } = await this.#connection.exchange(request);
    if (status !== 200) throw new Error(`${operation}: ${status} ${body.toString('latin1', 0, 300)}`);
    return body;
  }

  close(): void {
    this.#connection.close();
  }
}
