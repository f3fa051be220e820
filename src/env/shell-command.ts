import { spawn } from 'node:child_process';
import type { Millis } from './clock.ts';

/**
 * What a shell command prints on stdout, at most 64 KiB; what it says on stderr goes to this process's own.
 * Rejects when it fails, and when it does not end in time. It has a process group of its own, which ends with
 * it: a child of it may hold the pipe.
 */
export function outputOf(command: string, limitMs: Millis): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn('/bin/sh', ['-c', command], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  let bytes = 0;
  const giveUp = (why: string) => {
    reject(new Error(why));
    child.stdout.destroy();
    endGroup(child.pid);
  };
  const limit = setTimeout(() => giveUp(`it did not end within ${limitMs / 1000} s`), limitMs);
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > outputBytesMax) giveUp(`it printed more than ${outputBytesMax} bytes`);
    else chunks.push(chunk);
  });
  child.once('error', reject);
  child.once('close', (code, signal) => {
    if (code === 0) resolve(Buffer.concat(chunks).toString());
    else reject(new Error(`it ended with ${signal ?? `exit code ${code}`}`));
  });
  return promise.finally(() => clearTimeout(limit));
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

const outputBytesMax = 64 * 1024;
