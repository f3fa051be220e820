import type { FunctionSettings } from '../state/lambda-state.ts';

/** One version of a function as it is to be run. */
export type RunnableFunction = {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** The function's, which another one that gets its name later does not have. */
  readonly id: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  /** With the qualifier that it was invoked with, if any. */
  readonly arn: string;
  readonly settings: FunctionSettings;
};

/** A place where one invocation of a version runs at a time: a process, a URL, a function of this program. */
export interface FunctionInstance {
  /** Resolves with the answer or the function's error; never rejects but with the errors of `Functions`. */
  run(invocation: Invocation): Promise<Ran>;
  /** Whether it can take another one: not after it timed out, ended or was replaced. */
  readonly isUsable: boolean;
  end(): Promise<void>;
}

export type Invocation = {
  readonly requestId: string;
  readonly arn: string;
  readonly payload: Uint8Array;
  readonly clientContext?: string | undefined;
};

export type Ran = {
  readonly payload: Buffer;
  readonly functionError?: 'Unhandled' | 'Handled' | undefined;
  readonly logTail: Buffer;
};

/** A handler of the program that this server is part of: what it returns is answered as JSON. */
export type AttachedHandler = (event: unknown, context: AttachedContext) => unknown;

export type AttachedContext = {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  getRemainingTimeInMillis(): number;
};
