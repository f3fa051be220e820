import type { Millis } from '../../env/clock.ts';
import type {
  LimitHit,
  OperationCounts,
  ProducerCounts,
  ReaderCounts,
  ShardCounts,
  SlowCall,
} from './counts.ts';

/** Where the next page of what was counted begins: the first one begins at `firstPage`. */
export type MeterCursor = {
  readonly kind: 'shards' | 'readers' | 'producers' | 'calls';
  readonly from: number;
};

export const firstPage: MeterCursor = { kind: 'shards', from: 0 };

/** A part of what was counted, as plain data, and small enough to be made and sent in a moment. */
export type MeterPage = {
  readonly since: Millis;
  readonly shards?: readonly ShardCounts[];
  readonly readers?: readonly ReaderCounts[];
  readonly producers?: readonly ProducerCounts[];
  readonly operations?: readonly OperationCounts[];
  readonly slowCalls?: readonly SlowCall[];
  readonly limitsHit?: readonly LimitHit[];
  /** Undefined on the last one. */
  readonly next: MeterCursor | undefined;
};

/** So many shards, readers or producers are a page: less than a millisecond to make, and to copy. */
export const pageMax = 500;
