import type { Edit } from '../../catalog/edit.ts';
import type { Endpoint, Share } from '../../env/network.ts';
import type { Port } from '../../env/workers.ts';
import type { MessagesPort } from '../../gateway/batched-port.ts';
import type { TransferredError } from '../../gateway/error-transfer.ts';
import type { ReplicaStart } from '../../gateway/replica-journal.ts';
import type { Revision } from '../../journal/revision.ts';
import type { LogLevel, ServerOptions } from '../options.ts';

/** What a worker is given when it is started, as plain data and memory that all threads share. */
export type WorkerData = {
  readonly options: ServerOptions;
  /** The text of the credentials file. */
  readonly credentials: string | undefined;
  readonly share: Share;
  /** Of the throttle's buckets; undefined without limits. */
  readonly buckets: SharedArrayBuffer | undefined;
};

/** A worker's ends of its channels. */
export type WorkerPorts = {
  readonly control: Port<Report, Command>;
  /** To ask the owner. */
  readonly questions: MessagesPort;
  /** Brings the catalog's revisions. */
  readonly revisions: Port<never, Revision<Edit>>;
};

/** What the owner tells a worker, which answers each with a report, in order. */
export type Command =
  | { readonly kind: 'begin'; readonly endpoint: Endpoint; readonly catalog: ReplicaStart<Edit> }
  /** Both as they are from now on; without new credentials there is no text. */
  | { readonly kind: 'change'; readonly credentials: string | undefined; readonly logLevel: LogLevel }
  | { readonly kind: 'shed' }
  /** Lets requests under way finish, and ends. */
  | { readonly kind: 'close' };

/** What came of a command: undefined when it was carried out, or why it could not be. */
export type Report = TransferredError | undefined;
