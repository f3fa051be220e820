import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { FakeS3 } from './fake-s3.ts';

/** The imitation of S3 at a port of this machine. */
export class FakeS3Server implements AsyncDisposable {
  readonly s3: FakeS3 = new FakeS3(Date.now, () => this.#host);
  readonly #server = createServer((request, response) => void this.#take(request, response));
  #host = '';

  static async start(): Promise<FakeS3Server> {
    const started = new FakeS3Server();
    await new Promise<void>((resolve) => started.#server.listen(0, '127.0.0.1', resolve));
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
    const body = await buffer(request);
    const answer = await this.s3
      .take(method!, url!, rawHeaders, body, gone.signal)
      .catch((error: unknown) => {
        // Whoever asked has gone.
        if (!gone.signal.aborted) throw error;
        return undefined;
      });
    if (answer === undefined) return void request.socket.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }
}
