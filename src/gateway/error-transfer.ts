import {
  ArchiveError,
  DamagedError,
  DiskReserveError,
  DroppedError,
  KeyError,
  NewerFormatError,
  OverloadedError,
  SealedError,
  ThrottledError,
  UnavailableError,
  WeakTopicError,
} from '../log/log.ts';
import { ServiceError } from '../wire/service-error.ts';

/** An error as plain data: the members that its receivers look at. */
export type TransferredError = {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Of a system error. */
  readonly code?: string;
  readonly errno?: number;
  readonly syscall?: string;
  /** Of a service's answer. */
  readonly status?: number;
  /** Of a batch that is above the limits of its shard. */
  readonly refused?: readonly number[];
};

export function transferred(error: unknown): TransferredError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack = '' } = error;
  const { code, errno, syscall } = error as NodeJS.ErrnoException;
  return {
    name,
    message,
    stack,
    ...(code !== undefined && { code }),
    ...(errno !== undefined && { errno }),
    ...(syscall !== undefined && { syscall }),
    ...(error instanceof ServiceError && { status: error.status }),
    ...(error instanceof ThrottledError && { refused: error.refused }),
  };
}

/** The inverse of `transferred`: of the same class, if it is one that a log or a service rejects with. */
export function restored({ message, ...rest }: TransferredError): Error {
  if (rest.status !== undefined) return new ServiceError(rest.name, message, rest.status);
  const Kind = kinds.find(({ name }) => name === rest.name) ?? Error;
  return Object.assign(new Kind(message), rest);
}

const kinds: readonly (new (message: string) => Error)[] = [
  SealedError,
  DroppedError,
  OverloadedError,
  DiskReserveError,
  DamagedError,
  NewerFormatError,
  KeyError,
  UnavailableError,
  ArchiveError,
  WeakTopicError,
  ThrottledError,
];
