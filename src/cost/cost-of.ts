import type { BillingMode, Price } from './price-table.ts';
import type { Usage } from './usage.ts';

/** What a line of a bill is for. */
export type BillItem =
  | 'shard-hours'
  | 'stream-hours'
  | 'put-units'
  | 'data-in'
  | 'data-out'
  | 'fan-out-hours'
  | 'fan-out-data'
  | 'extended-retention'
  | 'long-term-retention'
  | 'long-term-reads'
  | 'commitment';

export type BillLine = {
  readonly item: BillItem;
  /** How many of `price.per` in a month of 730 hours. */
  readonly quantity: number;
  readonly price: Price;
  readonly usd: number;
};

export type Bill = {
  readonly mode: BillingMode;
  readonly lines: readonly BillLine[];
  readonly usdPerMonth: number;
  /** Whether a price in it is an estimate of ours. */
  readonly isEstimate: boolean;
};

/** Bills of all modes, the cheapest first. */
export type Cost = { readonly bills: readonly Bill[] };

/**
 * What streams of one account and region would cost on AWS in a month: the commitment of on-demand advantage is
 * for all of them together.
 */
export declare function costOf(streams: readonly Usage[]): Cost;
