import type { DeliverySpec } from '../../delivery/delivery-spec.ts';
import type { DeliveryMetrics } from '../../delivery/delivery-world.ts';
import { CountedMetrics, type CountedMetricsParts } from '../../stream/metrics/counted-metrics.ts';
import type { MetricName } from '../../stream/metrics/metric-port.ts';

/**
 * Metrics of deliveries where AWS has them: those of delivery streams in `AWS/Firehose` (Firehose developer
 * guide, "Monitoring with CloudWatch metrics"), those of channels in `AWS/Kinesis`. What is delivered once is
 * counted by who asked for it.
 */
export class CountedDeliveries implements DeliveryMetrics {
  readonly #ofFirehose: CountedMetrics;
  readonly #ofChannels: CountedMetrics;

  constructor(parts: CountedMetricsParts) {
    this.#ofFirehose = new CountedMetrics('AWS/Firehose', parts);
    this.#ofChannels = new CountedMetrics('AWS/Kinesis', parts);
  }

  count(spec: DeliverySpec, name: string, value: number, unit: MetricName['unit']): void {
    const { kind, account, region } = spec.owner;
    if (kind === 'once') return;
    const counted = kind === 'firehose' ? this.#ofFirehose : this.#ofChannels;
    counted.add({ account, region, name, unit, dimensions: dimensionsOf(spec) }, value);
  }

  /** Puts what waits. To be called when nothing is counted any more. */
  async close(): Promise<void> {
    await Promise.all([this.#ofFirehose.close(), this.#ofChannels.close()]);
  }
}

function dimensionsOf({ owner, source }: DeliverySpec): MetricName['dimensions'] {
  if (owner.kind === 'firehose') return [{ name: 'DeliveryStreamName', value: owner.name }];
  return [
    { name: 'ChannelName', value: owner.name },
    { name: 'ChannelId', value: owner.number },
    { name: 'StreamName', value: source.stream.name },
  ];
}
