import type { ArchivedSegment } from '../../log/embedded/archive/archive-entry.ts';
import type { ArchiveStore, SizedObject } from '../../log/embedded/archive/archive-store.ts';
import { ObjectFile } from '../../log/embedded/archive/object-file.ts';
import { segmentNamed } from '../../log/embedded/archive/object-names.ts';
import { decoded } from '../../log/embedded/format/decoded.ts';
import { decodeFooter } from '../../log/embedded/format/footer.ts';
import { readFooter } from '../../log/embedded/read/footer-reader.ts';
import { readStart } from '../../log/embedded/recover/scan.ts';
import type { ShardStates } from '../../log/embedded/shard-state.ts';
import { DamagedError } from '../../log/log.ts';
import { readEach } from './read-each.ts';

/** A segment that is in an archive, by what its object says. */
export type FoundSegment = SizedObject & {
  readonly entry: ArchivedSegment;
  readonly createdAt: number;
  /** Where the shards stand at its end. */
  readonly states: ShardStates;
};

/** What an archive has of a stream. */
export type ArchivedStream = {
  /** The newest segment and those that lead to it without a gap, the oldest first. */
  readonly segments: readonly FoundSegment[];
  /** Objects that do not belong to them, or cannot be read. */
  readonly leftOut: readonly string[];
};

/** Reads the beginning and the footer of each object. Rejects as the store does. */
export async function archivedStream(
  store: ArchiveStore,
  objects: readonly SizedObject[],
  onRead: () => void,
): Promise<ArchivedStream> {
  const found = await readEach(objects, async (object) => {
    const segment = await foundIn(store, object);
    onRead();
    return segment;
  });
  const sound = found.filter((segment) => segment !== undefined);
  const segments = chainOf(sound);
  const kept = new Set(segments.map(({ name }) => name));
  return { segments, leftOut: objects.map(({ name }) => name).filter((name) => !kept.has(name)) };
}

/** From the newest back. Of two of one number, which copies of a directory may have put, the later one. */
function chainOf(found: readonly FoundSegment[]): FoundSegment[] {
  const newestFirst = found.toSorted(
    (one, other) => other.entry.number - one.entry.number || other.createdAt - one.createdAt,
  );
  const chain: FoundSegment[] = [];
  for (const segment of newestFirst) {
    const next = chain[0];
    if (next === undefined || leadsTo(segment.entry, next.entry)) chain.unshift(segment);
  }
  return chain;
}

function leadsTo({ number, link }: ArchivedSegment, next: ArchivedSegment): boolean {
  return (
    number + 1 === next.number &&
    link.chain === next.before.chain &&
    link.sequence + 1 === next.before.sequence
  );
}

/** Undefined when the object is no segment, or a damaged one. */
async function foundIn(store: ArchiveStore, object: SizedObject): Promise<FoundSegment | undefined> {
  const { name, bytes } = object;
  const named = segmentNamed(name);
  if (named === undefined) return undefined;
  const file = new ObjectFile(name, bytes, async (start, end) => {
    return (await store.part(name, { start, end }))?.body ?? Buffer.alloc(0);
  });
  try {
    const { header } = await readStart(file, name);
    const footer = await readFooter(file, { epoch: header.epoch, path: name });
    if (footer === undefined || header.number !== named.number || header.stream !== named.stream) {
      return undefined;
    }
    const { states, extents, keys } = decoded(name, 'the footer', () => decodeFooter(footer.payload));
    const { chain, sequence } = footer.frame;
    const entry: ArchivedSegment = {
      ...{ number: named.number, epoch: header.epoch, bytes, end: footer.position, crc: named.crc },
      before: { chain: header.chain, sequence: header.firstSequence },
      link: { chain, sequence },
      extents: extents.toSorted((one, other) => one.shard - other.shard),
      keys,
    };
    return { ...object, entry, createdAt: header.createdAt, states };
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error;
    return undefined;
  }
}
