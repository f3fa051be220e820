/** How a stream is billed. */
export type BillingMode = 'provisioned' | 'on-demand-standard' | 'on-demand-advantage';

/**
 * A price in US dollars, where it is from, and whether AWS says so in figures or it is an estimate of ours.
 */
export type Price = {
  readonly usd: number;
  /** What it is for: `shard-hour`, `million 25 KB units`, `GB`, … */
  readonly per: string;
  readonly source: string;
  readonly isEstimate: boolean;
};
