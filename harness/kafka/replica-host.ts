import type { Millis } from '../../src/env/clock.ts';
import type { Replica } from './replica.ts';

/** The broker of a replica, as the replica sees it. */
export interface ReplicaHost {
  readonly id: number;
  /** Of this start of the broker. */
  readonly epoch: number;
  /** The broker's wall clock. */
  now(): Millis;
  /** The machine's monotonic clock. */
  readonly time: Millis;
  /** `replica.lag.time.max.ms` */
  readonly lagMs: Millis;
  /** Whether the disk takes so many bytes. */
  hasRoom(bytes: number): boolean;
  /** Whether a broker of this epoch may be in sync, as far as is known here. */
  mayBeInSync(broker: number, epoch: number): boolean;
  isAlive(broker: number): boolean;
  /** Asks the controller. It answers by a placement, or not at all. */
  proposeInSync(replica: Replica, inSync: readonly { broker: number; epoch: number }[]): void;
  /** There is something new for those who follow. */
  feed(replica: Replica): void;
  /** The disk failed. */
  failed(): void;
  after(delay: Millis, action: () => void): void;
}
