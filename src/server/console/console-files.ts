import { hash } from 'node:crypto';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

/** A file of the console, ready to be sent. */
export type ConsoleFile = {
  readonly contentType: string;
  readonly plain: Buffer;
  readonly packed: Buffer;
  /** Weak: it is the same whether packed or not (RFC 9110 §8.8.3). */
  readonly etag: string;
};

/** By their names: `index.html`, and what that names. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>;

/** Packs what was built. Names without a type that the console has are left out. */
export async function consoleFiles(read: ReadonlyMap<string, Buffer>): Promise<ConsoleFiles> {
  const files = new Map<string, ConsoleFile>();
  for (const [name, plain] of read) {
    const contentType = contentTypes[extname(name)];
    if (contentType === undefined) continue;
    // The threads of the platform do it: the event loop does not wait.
    const packed = await promisify(gzip)(plain, { level: constants.Z_BEST_COMPRESSION });
    const etag = `W/"${hash('sha256', plain, 'base64url')}"`;
    files.set(name, { contentType, plain, packed, etag });
  }
  return files;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};
