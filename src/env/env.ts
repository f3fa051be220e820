import type { Clock } from './clock.ts';
import type { Disk } from './disk.ts';
import type { HttpClient } from './http-client.ts';
import type { Kafka, KafkaSettings } from './kafka.ts';
import type { Logger } from './logger.ts';
import type { Network } from './network.ts';
import type { OwnProcess } from './own-process.ts';
import type { PeerNetwork } from './peers.ts';
import type { Pressure } from './pressure.ts';
import type { Processes } from './processes.ts';
import type { Random } from './random.ts';
import type { Workers } from './workers.ts';

/** The outside world, as one argument. Production and simulation differ by it alone. */
export interface Env {
  readonly clock: Clock;
  readonly disk: Disk;
  /** Another directory of the machine than the data directory; absent in a world that has none. */
  readonly diskAt?: ((directory: string) => Disk) | undefined;
  readonly random: Random;
  readonly network: Network;
  /** For what other servers are asked. */
  readonly client: HttpClient;
  /**
   * A client of Kafka brokers. Loads what it takes when it is first asked; rejects with `StartError` where
   * that is not installed.
   */
  kafka(settings: KafkaSettings): Promise<Kafka>;
  /** Connections to other gateways of a cluster. Loads what they take when it is first asked. */
  peers(): Promise<PeerNetwork>;
  /** Other programs of this machine. Loads what they take when it is first asked. */
  processes(): Promise<Processes>;
  readonly logger: Logger;
  readonly workers: Workers;
  readonly pressure: Pressure;
  /**
   * This process, for one who watches it; loads what it takes when it is first asked. Absent in a world that
   * has none.
   */
  readonly ownProcess?: (() => Promise<OwnProcess>) | undefined;
  /**
   * Ends the process because a promise can no longer be kept, for example after a failed fsync. It never
   * returns to a state in which the caller may go on: what the caller awaits next stays pending.
   */
  panic(reason: string, cause: unknown): void;
}

/** The exit code of `panic`: EX_IOERR of BSD's sysexits.h. */
export const panicExitCode = 74;
