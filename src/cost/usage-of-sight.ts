import type { Usage } from './usage.ts';

/** What is read of a stream's sight: the members of `StreamSight` that a bill depends on. */
export type BilledSight = {
  readonly Name: string;
  readonly Mode: 'PROVISIONED' | 'ON_DEMAND';
  readonly OpenShards: number;
  readonly RetentionHours: number;
  readonly Tags: Readonly<Record<string, string>>;
  readonly Consumers: number;
  readonly Counts: BilledCounts;
};

type BilledCounts = {
  readonly RecordsIn: number;
  readonly BytesIn: number;
  readonly PutUnits: number;
  readonly KilobytesIn: number;
  readonly BytesOut: number;
  readonly FanOutBytes: number;
};

/**
 * What a stream did on average in the seconds between two looks at it. Without an earlier one, or where
 * counting began anew in between, it is since counting began.
 */
export function usageOfSight(
  now: BilledSight,
  seconds: number,
  before?: { readonly Counts: BilledCounts } | undefined,
): Usage {
  const perSecond = (name: keyof BilledCounts) => {
    const past = before === undefined ? 0 : before.Counts[name];
    return seconds > 0 ? Math.max(0, now.Counts[name] - past) / seconds : 0;
  };
  return {
    ...{ name: now.Name, tags: now.Tags, shards: now.OpenShards, retentionHours: now.RetentionHours },
    mode: now.Mode === 'PROVISIONED' ? 'provisioned' : 'on-demand',
    recordsIn: perSecond('RecordsIn'),
    bytesIn: perSecond('BytesIn'),
    putUnits: perSecond('PutUnits'),
    kilobytesIn: perSecond('KilobytesIn'),
    bytesOut: perSecond('BytesOut'),
    // How old what is read is, is not counted.
    longTermBytesOut: 0,
    fanOutConsumers: now.Consumers,
    fanOutBytes: perSecond('FanOutBytes'),
  };
}
