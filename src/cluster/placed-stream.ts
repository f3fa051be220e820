import { strict as assert } from 'node:assert';
import type { Place, PlacedStream } from './cluster-state.ts';
import type { ClusterEdit, NewPlace, WholePlace } from './edit.ts';
import { hasNumber, withNumber } from './ranges.ts';

type StreamEdit = Extract<
  ClusterEdit,
  { kind: 'topic-made' | 'topic-grown' | 'placed' | 'closing' | 'sealed' | 'released' }
>;

/** A stream's topic after an edit. `closings` is the number of what closes. */
export function applyToStream(
  before: PlacedStream | undefined,
  edit: StreamEdit,
  closings: number,
): PlacedStream {
  if (edit.kind === 'topic-made') {
    assert(before === undefined);
    const { topic, uuid, partitions } = edit;
    return { topic, uuid, partitions, fresh: 0, places: new Map(), free: [], released: [] };
  }
  assert(before !== undefined);
  switch (edit.kind) {
    case 'topic-grown':
      assert(edit.partitions >= before.partitions);
      return { ...before, partitions: edit.partitions };
    case 'placed':
      return withPlaces(before, edit.places);
    case 'closing':
      return closed(before, edit.shard, closings);
    case 'sealed':
      return sealed(before, edit);
    case 'released':
      return released(before, edit);
  }
}

/** From a snapshot. */
export function restoredStream(edit: Extract<ClusterEdit, { kind: 'stream' }>): PlacedStream {
  const { topic, uuid, partitions, fresh, free, released: expired } = edit;
  const places = new Map(edit.places.map((place) => [place[0], restoredPlace(topic, place)]));
  return { topic, uuid, partitions, fresh, places, free, released: expired };
}

/** The stream as one edit of a snapshot. */
export function streamEdit(stream: string, placed: PlacedStream): ClusterEdit {
  const places = [...placed.places].map(([shard, place]): WholePlace => {
    const { partition, base, closing = null, seal = null } = place;
    return [shard, partition, base, closing, seal];
  });
  return { kind: 'stream', stream, ...placed, places };
}

function restoredPlace(topic: string, [, partition, base, closing, seal]: WholePlace): Place {
  const state = closing === null ? 'open' : seal === null ? 'closing' : 'sealed';
  return { topic, partition, base, seal: seal ?? undefined, state, closing: closing ?? undefined };
}

/** No slot has two shards, and none begins before what was there. */
function withPlaces(stream: PlacedStream, added: readonly NewPlace[]): PlacedStream {
  const places = new Map(stream.places);
  const { topic } = stream;
  let { free, fresh } = stream;
  for (const [shard, partition, base] of added) {
    assert(!places.has(shard) && !hasNumber(stream.released, shard));
    const reused = free.find(([slot]) => slot === partition);
    if (reused === undefined) {
      assert(partition === fresh && partition < stream.partitions);
      fresh += 1;
    } else {
      assert(base >= reused[1]);
      free = free.filter((slot) => slot !== reused);
    }
    places.set(shard, { topic, partition, base, seal: undefined, state: 'open', closing: undefined });
  }
  return { ...stream, places, free, fresh };
}

function closed(stream: PlacedStream, shard: number, closing: number): PlacedStream {
  const place = stream.places.get(shard);
  assert(place?.state === 'open');
  return withPlace(stream, shard, { ...place, state: 'closing', closing });
}

/** A shard has one seal for good. */
function sealed(stream: PlacedStream, edit: Extract<ClusterEdit, { kind: 'sealed' }>): PlacedStream {
  const place = stream.places.get(edit.shard);
  assert(place?.state === 'closing');
  assert(edit.at >= place.base);
  return withPlace(stream, edit.shard, { ...place, state: 'sealed', seal: edit.at });
}

function released(stream: PlacedStream, edit: Extract<ClusterEdit, { kind: 'released' }>): PlacedStream {
  const place = stream.places.get(edit.shard);
  assert(place?.seal !== undefined);
  assert(edit.from > place.seal);
  const places = new Map(stream.places);
  places.delete(edit.shard);
  return {
    ...stream,
    places,
    free: [...stream.free, [place.partition, edit.from]],
    released: withNumber(stream.released, edit.shard),
  };
}

function withPlace(stream: PlacedStream, shard: number, place: Place): PlacedStream {
  return { ...stream, places: new Map(stream.places).set(shard, place) };
}
