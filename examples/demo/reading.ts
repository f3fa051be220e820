import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Keys } from './client.ts';

/** A record as the consumer got it. */
export type ReadRecord = { readonly shard: string; readonly sequenceNumber: string; readonly data: Buffer };

/** A consumer at work, in a process of its own. */
export type Reading = {
  /** All that it has read so far, in the order of its reading. */
  readonly records: readonly ReadRecord[];
  /** Says that nothing new is to come; resolves when it has read to the end. */
  finish(): Promise<void>;
};

export function startReading(url: string, keys: Keys): Reading {
  const consumer = fileURLToPath(new URL('consumer.ts', import.meta.url));
  const child = spawn(process.execPath, [consumer, url], {
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const records: ReadRecord[] = [];
  createInterface(child.stdout).on('line', (line) => {
    const [shard, sequenceNumber, data] = JSON.parse(line) as [string, string, string];
    records.push({ shard, sequenceNumber, data: Buffer.from(data, 'base64') });
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error('The consumer failed.'))));
  });
  // Awaited in `finish`; one that fails before that must not end this process without a word.
  ended.catch(() => {});
  return {
    records,
    finish() {
      child.stdin.end();
      return ended;
    },
  };
}
