import type { MessagePort } from 'node:worker_threads';
import type { Endpoint } from '../../env/network.ts';
import type { TransferredError } from '../../gateway/error-transfer.ts';
import type { ReplicaStart } from '../../gateway/replica-catalog.ts';
import type { Share } from '../../http/listener.ts';
import type { LogLevel, ServerOptions } from '../options.ts';

/**
 * What a front's thread is given when it is started, as plain data, ports and memory that all threads share.
 */
export type WorkerData = {
  readonly options: ServerOptions;
  /** The text of the credentials file. */
  readonly credentials: string | undefined;
  readonly share: Share;
  /** Of the throttle's buckets; undefined without limits. */
  readonly buckets: SharedArrayBuffer | undefined;
  /** The owner's. */
  readonly heartbeat: SharedArrayBuffer;
  /** To ask the owner. */
  readonly questions: MessagePort;
  /** Brings the catalog's revisions. */
  readonly revisions: MessagePort;
};

/** What the owner tells a front's thread. */
export type Command =
  | { readonly kind: 'begin'; readonly endpoint: Endpoint; readonly catalog: ReplicaStart }
  /** Both as they are from now on; without a credentials file there is no text. Answered by a report. */
  | { readonly kind: 'change'; readonly credentials: string | undefined; readonly logLevel: LogLevel }
  /** Lets requests under way finish, and ends. */
  | { readonly kind: 'close' };

/**
 * What a front's thread reports: undefined once it listens, and after each change; or why it cannot listen.
 */
export type Report = TransferredError | undefined;
