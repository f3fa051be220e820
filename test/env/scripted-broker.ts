import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { BrokerAddress } from '../../src/env/kafka.ts';

/** A request as it came, without its header. */
export type Heard = { readonly key: number; readonly version: number; readonly body: Buffer };

/** What to answer, without its header, by itself or later; undefined never answers. */
type Script = (heard: Heard) => Buffer | Promise<Buffer> | undefined;

type Spoken = readonly { readonly key: number; readonly first: number; readonly last: number }[];

const apiVersions = 18;

/** Speaks as much of Kafka's protocol as a test has it say, after having said which versions it speaks. */
export class ScriptedBroker implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #spoken: Spoken;
  readonly #script: Script;

  static async start(spoken: Spoken, script: Script): Promise<ScriptedBroker> {
    const broker = new ScriptedBroker(spoken, script);
    broker.#server.listen(0, '127.0.0.1');
    await once(broker.#server, 'listening');
    return broker;
  }

  private constructor(spoken: Spoken, script: Script) {
    this.#spoken = spoken;
    this.#script = script;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  get address(): BrokerAddress {
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server.close(), 'close');
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    let rest = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
        const end = 4 + rest.readInt32BE(0);
        this.#hear(socket, rest.subarray(4, end));
        rest = rest.subarray(end);
      }
    });
  }

  /** Key, version, correlation, the client's id; flexible versions have a byte of tags after it. */
  #hear(socket: Socket, frame: Buffer): void {
    const [key, version] = [frame.readInt16BE(0), frame.readInt16BE(2)];
    const flexible = isFlexible(key, version) ? 1 : 0;
    const body = frame.subarray(10 + frame.readInt16BE(8) + flexible);
    const answer = key === apiVersions ? this.#versions() : this.#script({ key, version, body });
    if (answer === undefined) return;
    const send = (said: Buffer) => {
      const head = Buffer.alloc(8 + flexible);
      head.writeInt32BE(4 + flexible + said.length);
      frame.copy(head, 4, 4, 8);
      socket.write(Buffer.concat([head, said]));
    };
    if (Buffer.isBuffer(answer)) send(answer);
    else answer.then(send, () => socket.destroy());
  }

  #versions(): Buffer {
    const said = Buffer.alloc(2 + 4 + this.#spoken.length * 6 + 4);
    said.writeInt32BE(this.#spoken.length, 2);
    for (const [index, { key, first, last }] of this.#spoken.entries()) {
      said.writeInt16BE(key, 6 + index * 6);
      said.writeInt16BE(first, 8 + index * 6);
      said.writeInt16BE(last, 10 + index * 6);
    }
    return said;
  }
}

/** Of Produce, Fetch and Metadata (Kafka protocol guide). */
function isFlexible(key: number, version: number): boolean {
  const since = new Map([
    [0, 9],
    [1, 12],
    [3, 9],
  ]);
  return version >= (since.get(key) ?? Number.POSITIVE_INFINITY);
}
