import type { Catalog } from '../catalog/catalog.ts';
import { findShard } from '../kinesis/stream.ts';
import type { Load, MeasuredLoad } from '../stream/load.ts';

/** Adds what was measured elsewhere; of shards that are gone, nothing. */
export function includeLoad(load: Load, catalog: Catalog, measured: readonly MeasuredLoad[]): void {
  const streams = new Map([...catalog.state.streams.values()].map((stream) => [stream.id, stream]));
  for (const each of measured) {
    const stream = streams.get(each.stream);
    const shard = stream && findShard(stream, each.shard);
    if (stream !== undefined && shard !== undefined) load.of(stream, shard).include(each);
  }
}
