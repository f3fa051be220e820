import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { runProgram, whyMissing } from './foreign-program.ts';

/** gofakes3, an imitation of S3 in Go that Go programs are tested with, on a port of its own. */
export class GoFakeS3Server implements Disposable {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, process: ChildProcess) {
    this.url = url;
    this.#process = process;
  }

  /** The server, or why it cannot run here. Rejects when it is there and does not start. */
  static async start(): Promise<GoFakeS3Server | string> {
    const folder = pathToFileURL(`${tmpdir()}/`);
    const missing = await whyMissing(['go', 'version'], folder);
    if (missing !== false) return missing;
    const binaries = join(tmpdir(), 'millrace-gofakes3');
    const environment = { ...process.env, GOBIN: binaries, GOFLAGS: '-mod=mod' };
    await runProgram({ command: ['go', 'install', program], folder, environment, seconds: 600 });
    const host = `127.0.0.1:${await freePort()}`;
    const words = ['-backend', 'memory', '-host', host, '-quiet'];
    const child = spawn(join(binaries, 'gofakes3'), words, { stdio: 'ignore' });
    const kill = () => child.kill();
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    const server = new GoFakeS3Server(`http://${host}`, child);
    await server.#answers();
    return server;
  }

  [Symbol.dispose](): void {
    this.#process.kill();
  }

  async #answers(): Promise<void> {
    for (;;) {
      if (this.#process.exitCode !== null) throw new Error(`gofakes3 ended with ${this.#process.exitCode}`);
      const answer = await fetch(this.url).catch(() => undefined);
      if (answer !== undefined) return;
      await sleep(50);
    }
  }
}

const program = 'github.com/johannesboyne/gofakes3/cmd/gofakes3@v1.2.0';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
