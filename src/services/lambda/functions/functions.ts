import type { Millis } from '../../../env/clock.ts';

/** Runs functions, wherever they run: the one way to invoke any. */
export interface Functions {
  /**
   * Invokes a function and resolves with what it answered, which may be an error of its own. Rejects with
   * `ServiceError` where the function was not entered: ResourceNotFoundException, TooManyRequestsException
   * (its reserved concurrency is 0 or used up, for longer than the caller waits), RequestTooLargeException,
   * InvalidZipFileException …; and with the signal's reason when it is aborted before the function was
   * entered. Nothing is invoked again here.
   */
  invoke(target: FunctionTarget, payload: Uint8Array, how: InvokeHow): Promise<InvokeOutcome>;
}

/** A function by its ARN's parts; the qualifier is a version, an alias or `$LATEST`, which is the default. */
export type FunctionTarget = {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly qualifier?: string | undefined;
};

export type InvokeHow = {
  /** How long it waits for its turn, as pollers do, while the function's concurrency is used up; else not. */
  readonly patienceMs?: Millis;
  /** `ClientContext` as it came, in base64. */
  readonly clientContext?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type InvokeOutcome = {
  /** Of this invocation. */
  readonly requestId: string;
  /** The version that ran: `$LATEST` or a number. */
  readonly executedVersion: string;
  /** What the function answered, or the error as AWS has it: `{"errorType":…,"errorMessage":…}`. */
  readonly payload: Buffer;
  /** AWS's `X-Amz-Function-Error`; undefined when the function succeeded. */
  readonly functionError?: 'Unhandled' | 'Handled' | undefined;
  /** The last 4 KiB that it wrote, as far as they are known when it answers. */
  readonly logTail: Buffer;
  readonly took: Millis;
};

/** The most bytes of an event and of an answer (Lambda quotas, "Invocation payload", synchronous). */
export const payloadBytesMax = 6 * 1024 * 1024;

/** AWS lets an answer be a little longer (aws-lambda-runtime-interface-emulator, `MaxPayloadSize`). */
export const responseBytesMax = payloadBytesMax + 100;
