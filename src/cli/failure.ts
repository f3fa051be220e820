import { isOverQuota } from '../env/disk.ts';
import { ownerOf } from '../env/node-owner.ts';
import { StartError } from '../env/start-error.ts';
import { DamagedError, NewerFormatError } from '../log/log.ts';
import { defaultOptions, type ServerOptions } from '../server/options.ts';

/** Why the server cannot start (or end), in one line for the user. */
export function failureLine(error: unknown, options: ServerOptions): string {
  return sentence(error, options).replaceAll(/\s+/g, ' ').trim();
}

/** What fails for what is wrong with a data directory says so. */
export async function aboutData<Done>(data: string, work: Promise<Done>): Promise<Done> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof NewerFormatError || error instanceof DamagedError || isFailedCall(error)))
      throw error;
    throw new Error(failureLine(error, { ...defaultOptions, data }), { cause: error });
  }
}

function sentence(error: unknown, options: ServerOptions): string {
  const { host, data } = options;
  if (error instanceof StartError) return error.message;
  if (error instanceof NewerFormatError) return `cannot use the data directory ${data}: ${error.message}`;
  if (error instanceof DamagedError) return `the data directory ${data} is damaged: ${error.message}`;
  if (!isFailedCall(error)) return error instanceof Error ? error.message : String(error);
  const reason = reasonOf(error);
  if (error.syscall === 'listen') return `cannot listen on ${placeOf(error, options)}: ${reason}`;
  if (error.syscall === 'getaddrinfo') return `cannot listen on ${error.hostname ?? host}: no such host`;
  const place = error.path === undefined ? '' : ` (${error.path})`;
  const owners = reason === reasons['EACCES'] ? ownersText(error.path ?? data) : '';
  return `cannot use the data directory ${data}: ${reason}${place}${owners}`;
}

type FailedCall = NodeJS.ErrnoException & {
  readonly code: string;
  readonly syscall: string;
  /** Of `listen`: a path and -1 for a Unix socket. */
  readonly address?: string;
  readonly port?: number;
  /** Of `getaddrinfo`. */
  readonly hostname?: string;
};

/** The default listener is named as it was asked for, which may be by a host name. */
function placeOf({ address, port }: FailedCall, asked: ServerOptions): string {
  if (port === -1) return `the Unix socket ${address}`;
  return address === undefined || port === asked.port
    ? `port ${asked.port} of ${asked.host}`
    : `port ${port} of ${address}`;
}

function reasonOf(error: FailedCall): string {
  const { code, syscall, message } = error;
  if (isOverQuota(error)) return 'the disk quota is used up';
  if (code === 'ENOENT' && syscall === 'mkdir') return 'a directory cannot be made there';
  return reasons[code] ?? message;
}

/** A container's volume often belongs to another user. */
function ownersText(path: string): string {
  const found = ownerOf(path);
  return found === undefined
    ? ''
    : `: ${found.path} is of user ${found.owner}, and this is user ${found.user}`;
}

function isFailedCall(error: unknown): error is FailedCall {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EADDRINUSE: 'it is in use',
  EADDRNOTAVAIL: 'that is not an address of this machine',
  EEXIST: 'it is not a directory',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'it is not a directory',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
};
