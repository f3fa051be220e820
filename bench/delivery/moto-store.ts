import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { findTool } from '../../harness/namespace.ts';
import type { Workshop } from '../workshop.ts';

/** A server of S3 beside the one that is measured, on the generator's processor: moto's. */
export class MotoStore implements AsyncDisposable {
  readonly url: string;
  readonly #workshop: Workshop;
  readonly #child: ChildProcess;

  /** With a bucket; undefined where it is not installed. */
  static async start(workshop: Workshop, bucket: string): Promise<MotoStore | undefined> {
    if (findTool('moto_server') === undefined) return undefined;
    const port = await freePort();
    const args = ['-H', '127.0.0.1', '-p', String(port)];
    const child = workshop.start('generator', 'moto_server', args, { stdio: 'ignore' });
    const store = new MotoStore(workshop, child, `http://127.0.0.1:${port}`);
    while (!(await hasMade(`${store.url}/${bucket}`))) await sleep(50);
    return store;
  }

  private constructor(workshop: Workshop, child: ChildProcess, url: string) {
    this.#workshop = workshop;
    this.#child = child;
    this.url = url;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#workshop.end(this.#child);
  }
}

async function hasMade(bucketUrl: string): Promise<boolean> {
  try {
    return (await fetch(bucketUrl, { method: 'PUT' })).ok;
  } catch {
    return false; // It does not listen yet.
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
