import { isDiskFull, isRefusedBySystem } from '../env/disk.ts';
import { UnknownOutcomeError } from '../journal/outcomes.ts';
import {
  ArchiveError,
  DamagedError,
  DiskReserveError,
  KeyError,
  NewerFormatError,
  OverloadedError,
  UnavailableError,
  WeakTopicError,
} from '../log/log.ts';

/**
 * Why an operation failed, in a sentence that tells clients whether to retry, to wait for room or to call the
 * operator. Empty for unforeseen errors. Paths and positions are for the log.
 */
export function troubleOf(error: unknown): string {
  if (error instanceof DiskReserveError || isDiskFull(error)) return 'The disk of the server is full.';
  if (error instanceof NewerFormatError)
    return 'The stored data of the stream was written by a newer Millrace.';
  if (error instanceof DamagedError) return 'The stored data of the stream is damaged.';
  if (error instanceof OverloadedError) return 'The server is overloaded; try again.';
  if (error instanceof UnknownOutcomeError)
    return 'It is not known whether the change was made: look before it is asked for again.';
  if (error instanceof ArchiveError) return 'The archive of the stream does not answer; try again.';
  if (error instanceof UnavailableError) return 'Too few of the machines that keep this answer; try again.';
  if (error instanceof WeakTopicError) return 'The storage of the server does not keep what it must.';
  if (error instanceof KeyError) return 'The key of the stream is not to be had; try again.';
  if (isRefusedBySystem(error)) return 'The server could not use its disk.';
  return '';
}
