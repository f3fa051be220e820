import type { DeliverySpec, DestinationSpec } from '../../delivery/delivery-spec.ts';
import type { DeliverySight } from '../../delivery/delivery-world.ts';
import { isHidden } from '../../kinesis/stream.ts';
import type { Scope } from '../../services/millrace/sights-world.ts';
import type { FoundReader } from './kcl-readers.ts';

/**
 * The deliveries that read a stream of an account and region. What was put to one directly is read by no one
 * else.
 */
export function deliveryReaders(
  specs: readonly DeliverySpec[],
  sights: readonly DeliverySight[],
  { account, region }: Scope,
): FoundReader[] {
  const byId = new Map(sights.map((sight) => [sight.id, sight]));
  return specs.flatMap((spec) => {
    const { stream } = spec.source;
    const isOwn = stream.account === account && stream.region === region;
    if (!isOwn || isHidden(stream)) return [];
    return [{ stream: stream.name, reader: readerOf(spec, byId.get(spec.id)) }];
  });
}

function readerOf(
  { owner, destination }: DeliverySpec,
  sight: DeliverySight | undefined,
): FoundReader['reader'] {
  return {
    ...{ kind: 'delivery', name: owner.name, id: owner.arn, to: placeOf(destination), shards: [] },
    state: sight?.state ?? 'waiting',
    reason: sight?.reason,
    lagMs: sight?.freshnessMs,
    records: sight?.records,
    bytes: sight?.bytes,
    failures: sight?.refused,
  };
}

/** Without what is secret of it, which a URL may have in its user part and in its query. */
function placeOf(destination: DestinationSpec): string {
  switch (destination.kind) {
    case 's3':
      return `s3://${destination.target.bucket}`;
    case 'http': {
      const { origin, pathname } = new URL(destination.url);
      return `${origin}${pathname}`;
    }
    case 'iceberg':
      return destination.tables.map(({ namespace, table }) => `${namespace}.${table}`).join(', ');
  }
}
