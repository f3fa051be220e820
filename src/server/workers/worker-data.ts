import type { Endpoint, Share } from '../../env/network.ts';
import type { Port } from '../../env/workers.ts';
import type { MessagesPort } from '../../gateway/batched-port.ts';
import type { ControlStart, RevisionsIn } from '../../gateway/control.ts';
import type { TransferredError } from '../../gateway/error-transfer.ts';
import type { MeterAnswer, MeterQuestion } from '../../gateway/remote-meter.ts';
import type { LogLevel, ServerOptions } from '../options.ts';

/** What a worker is given when it is started, as plain data and memory that all threads share. */
export type WorkerData = {
  readonly options: ServerOptions;
  readonly share: Share;
  /** Of the throttle's buckets. */
  readonly buckets: SharedArrayBuffer;
};

/** A worker's ends of its channels. Those of the journals bring their revisions. */
export type WorkerPorts = RevisionsIn & {
  readonly control: Port<Report, Command>;
  /** To ask the owner. */
  readonly questions: MessagesPort;
  /** To tell the owner what was counted. */
  readonly meter: Port<MeterAnswer, MeterQuestion>;
};

/** Whom a worker lets in, and what it knows them by. */
export type GateStart = {
  readonly isSigned: boolean;
  /** The text of the credentials file. */
  readonly credentials: string | undefined;
  /** The root keys, the one that wraps first. */
  readonly rootSecrets: readonly Uint8Array[];
};

/** What the owner tells a worker, which answers each with a report, in order. */
export type Command =
  | {
      readonly kind: 'begin';
      readonly endpoints: readonly Endpoint[];
      readonly journals: ControlStart;
      readonly gate: GateStart;
    }
  /** Both as they are from now on; without new credentials there is no text. */
  | { readonly kind: 'change'; readonly credentials: string | undefined; readonly logLevel: LogLevel }
  | { readonly kind: 'shed' }
  /** Lets requests under way finish, and ends. */
  | { readonly kind: 'close' };

/** What came of a command: undefined when it was carried out, or why it could not be. */
export type Report = TransferredError | undefined;
