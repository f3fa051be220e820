import type { CatalogState } from '../catalog/state.ts';
import type { StreamLimits } from '../kinesis/stream.ts';
import { awsRates, type RatesOf, type ShardRates } from './throttle.ts';

/**
 * The limits of streams as the catalog has them at each moment; of the others, AWS's where a server is
 * `limited`.
 */
export function ratesIn(
  catalog: { readonly state: Pick<CatalogState, 'limits'> },
  limited: boolean,
): RatesOf {
  const usual = limited ? awsRates : undefined;
  const known = new WeakMap<StreamLimits, ShardRates>();
  return (stream) => {
    const { limits } = catalog.state;
    const own = limits.size === 0 ? undefined : limits.get(stream);
    if (own === undefined) return usual;
    let rates = known.get(own);
    if (rates === undefined) {
      rates = ratesOf(own, limited);
      known.set(own, rates);
    }
    return rates === noRates ? undefined : rates;
  };
}

/** What a shard of a stream with these limits takes and gives in a second. */
export function ratesOf(limits: StreamLimits | undefined, limited: boolean): ShardRates {
  const { enforced, ...own } = limits ?? {};
  const isLimited = enforced === undefined ? limited : enforced === 'aws';
  const usual = isLimited ? awsRates : noRates;
  if (Object.values(own).every((number) => number === undefined)) return usual;
  return {
    writeBytes: own.writeBytesPerSecond ?? usual.writeBytes,
    writeRecords: own.writeRecordsPerSecond ?? usual.writeRecords,
    readBytes: own.readBytesPerSecond ?? usual.readBytes,
    readCalls: own.readsPerSecond ?? usual.readCalls,
    // A reader that may read more often may have to begin more often.
    iterators: own.readsPerSecond ?? usual.iterators,
  };
}

const none = Number.POSITIVE_INFINITY;
const noRates: ShardRates = {
  ...{ writeBytes: none, writeRecords: none, readBytes: none, readCalls: none, iterators: none },
};
