import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { FakeS3 } from './fake-s3.ts';

/** The imitation of S3 at a port of this machine. */
export class FakeS3Server implements AsyncDisposable {
  readonly s3: FakeS3 = new FakeS3(Date.now, () => this.#host);
  /** Awaited before a call is done, and again before it is answered. */
  pause: () => Promise<void> = async () => {};
  readonly #server = createServer((request, response) => void this.#take(request, response));
  #host = '';

  /** At a port that is free, unless it says. Rejects where it is not to be had. */
  static async start(port = 0): Promise<FakeS3Server> {
    const started = new FakeS3Server();
    await new Promise<void>((resolve, reject) => {
      started.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    started.#host = `127.0.0.1:${(started.#server.address() as AddressInfo).port}`;
    return started;
  }

  get url(): string {
    return `http://${this.#host}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url, rawHeaders } = request;
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    // Who asks may end in the middle of it.
    const body = await buffer(request).catch(() => undefined);
    if (body === undefined) return;
    await this.pause();
    const answer = await this.s3
      .take(method!, url!, rawHeaders, body, gone.signal)
      .catch((error: unknown) => {
        // Whoever asked has gone.
        if (!gone.signal.aborted) throw error;
        return undefined;
      });
    await this.pause();
    if (answer === undefined) return void request.socket.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }
}
