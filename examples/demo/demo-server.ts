import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Keys } from './client.ts';
import { ServerProcess } from './server-process.ts';

/** A server with one user, on a data directory that outlives it. It stays at the same address. */
export class DemoServer implements AsyncDisposable {
  readonly data: string;
  readonly keys: Keys = { accessKeyId: 'DEMO', secretAccessKey: randomBytes(20).toString('hex') };
  readonly #credentials: string;
  #process: ServerProcess | undefined;

  constructor(directory: string) {
    this.data = join(directory, 'data');
    this.#credentials = join(directory, 'credentials');
    const lines = [
      '[demo]',
      `aws_access_key_id = ${this.keys.accessKeyId}`,
      `aws_secret_access_key = ${this.keys.secretAccessKey}`,
    ];
    writeFileSync(this.#credentials, lines.join('\n'), { mode: 0o600 });
  }

  get url(): string {
    return this.#process!.url;
  }

  async start(): Promise<void> {
    const port = this.#process?.port ?? '0';
    // As fast as it goes: AWS's limit of 1,000 records per second and shard would make this a demo of
    // waiting.
    const flags = ['--port', port, '--data', this.data, '--credentials', this.#credentials];
    this.#process = await ServerProcess.start([...flags, '--limits', 'none']);
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process?.stop();
  }
}
