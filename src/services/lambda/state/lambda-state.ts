import type { Millis } from '../../../env/clock.ts';
import type { FactEdit, Facts } from '../../../journal/facts.ts';
import type { Journal } from '../../../journal/journal.ts';
import type { Offset } from '../../../kinesis/record.ts';

/** What Lambda keeps. Keys: see each kind. */
export type LambdaKinds = {
  /** By `functionKeyOf`. */
  readonly function: FunctionRecord;
  /** Published ones, by `functionKeyOf` and `:` and the number. */
  readonly version: FunctionVersion;
  /** By `functionKeyOf` and `:` and the name. */
  readonly alias: AliasRecord;
  /** By UUID. */
  readonly mapping: MappingRecord;
  /** By `cursorKeyOf`. */
  readonly cursor: Cursor;
  /** By the mapping's UUID and `/` and the failure's number in 12 digits: see `FailureRecord`. */
  readonly failure: FailureRecord;
  /** By the hash of its bytes in hex, `/`, and the name of the stream that it is in. */
  readonly code: CodeRecord;
};

export type LambdaState = Facts<LambdaKinds>;
export type LambdaEdit = FactEdit<LambdaKinds>;
/** Several gateways may write to it, each of which reads all of it. */
export type LambdaJournal = Journal<LambdaState, LambdaEdit>;

/** `account/region/name`, where names have no slash. */
export function functionKeyOf(of: { account: string; region: string; name: string }): string {
  return `${of.account}/${of.region}/${of.name}`;
}

/** `uuid/stream id/shard index`. */
export function cursorKeyOf(mapping: string, stream: string, shard: number): string {
  return `${mapping}/${stream}/${shard}`;
}

/** `uuid/number`, so that the failures of a mapping are in order. */
export function failureKeyOf(mapping: string, number: number): string {
  return `${mapping}/${String(number).padStart(12, '0')}`;
}

/**
 * A zip in the `CodeStore`, whose own these facts are. One that is not whole is being written, or being
 * forgotten, or was left by a crash.
 */
export type CodeRecord = {
  readonly bytes: number;
  readonly isWhole: boolean;
  /** When it was put last; 0 once it is being forgotten. */
  readonly at: Millis;
};

/** What AWS calls the configuration of `$LATEST`, and what belongs to the function as a whole. */
export type FunctionRecord = FunctionSettings & {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** Unique over all that ever had its name: a mapping's checkpoints do not depend on it, code does. */
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The number of the next version to be published. */
  readonly nextVersion: number;
  /** `ReservedConcurrentExecutions`; undefined where none are reserved. */
  readonly reserved?: number | undefined;
  /** Resource policies by qualifier; `$LATEST` for the function itself. */
  readonly policies: Readonly<Record<string, FunctionPolicy>>;
  /** How invocations that nobody waits for are tried again, by qualifier; see `FunctionEventInvokeConfig`. */
  readonly asynchronous?: Readonly<Record<string, AsynchronousSettings>> | undefined;
  /** AWS's `UpdateRuntimeOn` by qualifier, where it is not `Auto`. */
  readonly runtimeUpdates?: Readonly<Record<string, RuntimeUpdates>> | undefined;
  /** AWS's `RecursiveLoop`, where it is not `Terminate`. */
  readonly recursion?: 'Allow' | undefined;
};

/** Undefined for AWS's defaults: two more attempts, within six hours. */
export type AsynchronousSettings = {
  readonly retries?: number | undefined;
  readonly maximumAgeSeconds?: number | undefined;
  readonly modifiedAt: Millis;
};

export type RuntimeUpdates =
  | { readonly on: 'FunctionUpdate' }
  | { readonly on: 'Manual'; readonly runtimeVersionArn: string };

/** As AWS answers it: a document of statements by their Sid, and a revision that changes with each change. */
export type FunctionPolicy = { readonly revision: string; readonly statements: readonly object[] };

/** What is frozen when a version is published. */
export type FunctionSettings = {
  readonly description: string;
  readonly runtime?: string | undefined;
  readonly role: string;
  readonly handler?: string | undefined;
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
  readonly storageMiB: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly architecture: 'x86_64' | 'arm64';
  readonly tracing: 'Active' | 'PassThrough';
  readonly code: FunctionCode;
  readonly modifiedAt: Millis;
  /** AWS's `RevisionId`: a UUID that changes with each change. */
  readonly revision: string;
  /** Members that are only echoed: LoggingConfig, DeadLetterConfig, VpcConfig, SnapStart, … as they came. */
  readonly echoed: Readonly<Record<string, unknown>>;
};

/**
 * Where what runs is. `zip`: stored here (`CodeStore`) under the hash of its bytes. `folder`: read where it
 * is, and again when its files change. `invoke`: a URL that takes Lambda's Invoke. `webhook`: a URL that
 * takes the event. `attached`: a function of the program that this server is part of, by the function's name.
 */
export type FunctionCode =
  | { readonly kind: 'zip'; readonly sha256: string; readonly bytes: number }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'invoke' | 'webhook'; readonly url: string }
  | { readonly kind: 'attached' };

export type FunctionVersion = FunctionSettings & {
  readonly version: number;
  /** The description that the function itself had then, where this one was given another. */
  readonly publishedDescription?: string | undefined;
};

export type AliasRecord = {
  readonly name: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly description: string;
  readonly revision: string;
  /** The shares of other versions, from 0 to 1. */
  readonly weights: Readonly<Record<string, number>>;
};

/** An event source mapping. Durations in the units of their AWS names; −1 stands for without end. */
export type MappingRecord = {
  readonly account: string;
  readonly region: string;
  readonly uuid: string;
  /** As it was given: of a stream, or of one of its consumers. */
  readonly source: string;
  /** The function's ARN as AWS echoes it, with the qualifier if one was given. */
  readonly functionArn: string;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly parallelization: number;
  readonly start:
    | { readonly kind: 'TRIM_HORIZON' | 'LATEST' }
    | { readonly kind: 'AT_TIMESTAMP'; readonly at: Millis };
  readonly maximumAgeSeconds: number;
  readonly retries: number;
  readonly bisects: boolean;
  readonly tumblingSeconds: number;
  readonly reportsItemFailures: boolean;
  readonly countsEvents: boolean;
  /** Patterns as they came; one that matches lets a record in. Without any, all are let in. */
  readonly filters: readonly string[];
  /** The ARN of the destination on failure. */
  readonly onFailure?: string | undefined;
  readonly kmsKeyArn?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly state: MappingState;
  /** What a state that passes leads to: Enabled, or Disabled. */
  readonly isEnabled: boolean;
  /** AWS's `StateTransitionReason`. */
  readonly reason: string;
  /** When the state or a setting changed last. */
  readonly modifiedAt: Millis;
  /** The number of the next failure. */
  readonly nextFailure: number;
};

export type MappingState =
  | 'Creating'
  | 'Enabling'
  | 'Enabled'
  | 'Disabling'
  | 'Disabled'
  | 'Updating'
  | 'Deleting';

/**
 * How far a mapping came in a shard. A lane is the records of a shard whose partition keys hash to it
 * (`laneOf`); there are as many as the mapping's parallelization was. All records of lane `i` before
 * `marks[i]` are done, and never run again.
 */
export type Cursor = {
  readonly marks: readonly Offset[];
  /** The shard is closed, and all of it was done: its children may begin. */
  readonly isFinished?: boolean | undefined;
  /** The tumbling window under way, of each lane that has one. */
  readonly windows?: Readonly<Record<number, OpenWindow>> | undefined;
  /** AWS's `LastProcessingResult` of this shard, and when. Said with the marks alone. */
  readonly result?: string | undefined;
};

export type OpenWindow = {
  readonly start: Millis;
  readonly end: Millis;
  /** What the function answered last, as JSON. */
  readonly state: string;
};

/**
 * Records that a mapping gave up. Their data are in a log of their own (`FailureStore`), durable before the
 * cursor goes past them.
 */
export type FailureRecord = {
  readonly at: Millis;
  readonly shardId: string;
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly firstSequenceNumber: string;
  readonly lastSequenceNumber: string;
  readonly records: number;
  /** Where its data are in the log; undefined when they are forgotten, for age or for room. */
  readonly data?: { readonly first: Offset; readonly count: number } | undefined;
  /** What the function had answered last, cut to 1 KiB. */
  readonly error: string;
  /** What became of AWS's record of it. */
  readonly delivery: 'none' | 'delivered' | 'failed';
  readonly redrivenAt?: Millis | undefined;
};
