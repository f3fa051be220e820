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

/**
 * When the prices were looked up, and where they hold. A GB is 2^30 bytes, a KB 1,024, as AWS's page has it.
 */
export const pricesOf = { date: '2026-11-29', region: 'us-east-1' } as const;

const pricingPage = 'https://aws.amazon.com/kinesis/data-streams/pricing/';
const advantagePage =
  'https://aws.amazon.com/blogs/big-data/amazon-kinesis-data-streams-launches-on-demand-advantage-for-instant-throughput-increases-and-streaming-at-scale';

const known = (usd: number, per: string): Price => ({ usd, per, source: pricingPage, isEstimate: false });

/** AWS says of them that they are at least 60 % lower than those of on-demand standard. */
const guessed = (usd: number, per: string): Price => ({ usd, per, source: advantagePage, isEstimate: true });

/** By what is billed. A mode bills what its prices name. */
export type PriceTable = {
  readonly provisioned: {
    readonly shardHour: Price;
    readonly putUnits: Price;
    readonly fanOutHour: Price;
    readonly fanOutData: Price;
    readonly extendedShardHour: Price;
    readonly longTermStorage: Price;
    readonly longTermReads: Price;
  };
  readonly standard: OnDemandPrices & { readonly streamHour: Price };
  readonly advantage: OnDemandPrices;
};

export type OnDemandPrices = {
  readonly dataIn: Price;
  readonly dataOut: Price;
  readonly fanOutData: Price;
  readonly extendedStorage: Price;
  readonly longTermStorage: Price;
  readonly longTermReads: Price;
};

export const prices: PriceTable = {
  provisioned: {
    shardHour: known(0.015, 'shard-hour'),
    putUnits: known(0.014, 'million 25 KB units'),
    fanOutHour: known(0.015, 'consumer-shard-hour'),
    fanOutData: known(0.013, 'GB'),
    extendedShardHour: known(0.02, 'shard-hour'),
    longTermStorage: known(0.023, 'GB-month'),
    longTermReads: known(0.021, 'GB'),
  },
  standard: {
    streamHour: known(0.04, 'stream-hour'),
    dataIn: known(0.08, 'GB'),
    dataOut: known(0.04, 'GB'),
    fanOutData: known(0.05, 'GB'),
    extendedStorage: known(0.1, 'GB-month'),
    longTermStorage: known(0.023, 'GB-month'),
    longTermReads: known(0.021, 'GB'),
  },
  advantage: {
    dataIn: guessed(0.032, 'GB'),
    dataOut: guessed(0.016, 'GB'),
    fanOutData: guessed(0.016, 'GB'),
    extendedStorage: guessed(0.023, 'GB-month'),
    longTermStorage: guessed(0.023, 'GB-month'),
    longTermReads: guessed(0.021, 'GB'),
  },
};

/**
 * On-demand advantage bills at least this, of what all streams of an account in a region are put, and of what
 * is read of them, in bytes a second (the same page: "a commitment of 25 MiB/s"; that it holds for reads as
 * well is an assumption).
 */
export const commitmentBytesPerSecond = 25 * 1024 * 1024;

/** As AWS's calculator counts. */
export const hoursPerMonth = 730;
