import { DamagedError } from '../log/log.ts';
import type { ServerOptions } from './options.ts';
import { StartError } from './start-error.ts';

/** Why the server cannot start (or end), in one line for whoever started it. */
export function failureLine(error: unknown, options: ServerOptions): string {
  return sentence(error, options).replaceAll(/\s+/g, ' ').trim();
}

function sentence(error: unknown, { host, port, data }: ServerOptions): string {
  if (error instanceof StartError) return error.message;
  if (error instanceof DamagedError) return `the data directory ${data} is damaged: ${error.message}`;
  if (!isFailedCall(error)) return error instanceof Error ? error.message : String(error);
  const reason = reasons[error.code] ?? error.message;
  if (error.syscall === 'listen') return `cannot listen on port ${port} of ${host}: ${reason}`;
  if (error.syscall === 'getaddrinfo') return `cannot listen on ${host}: no such host`;
  return `cannot use the data directory ${data}: ${reason}${error.path === undefined ? '' : ` (${error.path})`}`;
}

type FailedCall = Error & { readonly code: string; readonly syscall: string; readonly path?: string };

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
