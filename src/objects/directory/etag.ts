import { createHash, type Hash } from 'node:crypto';
import { byteSteps } from '../../env/byte-steps.ts';
import type { Clock } from '../../env/clock.ts';
import { bytesAt, type File } from '../../env/disk.ts';

/**
 * The MD5 of an object's bytes, as S3 has it for what was put in one piece. Other work goes on in between.
 */
export async function etagOfBytes(bytes: readonly Uint8Array[], clock: Clock): Promise<string> {
  const md5 = createHash('md5');
  for await (const step of byteSteps(bytes, clock)) md5.update(step);
  return etagOf(md5);
}

/** The same of a file. */
export async function etagOfFile(file: File): Promise<string> {
  const md5 = createHash('md5');
  for (let at = 0; ; at += stepBytes) {
    const bytes = await bytesAt(file, at, stepBytes);
    md5.update(bytes);
    if (bytes.length < stepBytes) return etagOf(md5);
  }
}

function etagOf(md5: Hash): string {
  return `"${md5.digest('hex')}"`;
}

/** About 2 ms of MD5. */
const stepBytes = 1024 * 1024;
