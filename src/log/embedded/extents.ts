import type { Millis } from '../../env/clock.ts';
import { firstWhere } from '../../env/first-where.ts';
import type { Offset } from '../../kinesis/record.ts';
import type { ArchivedSegments } from './archive/archived-segments.ts';
import type { Extent, Segment } from './segment.ts';

/**
 * Where the records of a shard lie, the oldest first: in segments that are archived, and then in those on the
 * disk. It changes while readers use it, so they ask anew after each wait.
 */
export class Extents {
  readonly #shard: number;
  readonly #archived: ArchivedSegments;
  readonly #local: Extent[];

  constructor(shard: number, archived: ArchivedSegments, local: Extent[]) {
    this.#shard = shard;
    this.#archived = archived;
    this.#local = local;
  }

  get first(): Extent | undefined {
    return this.#at(0);
  }

  /** The oldest that holds a record at or after an offset. */
  from(offset: Offset): Extent | undefined {
    const count = this.#count;
    return this.#at(firstWhere(count.all, (index) => this.#nextAt(index, count.archived) > offset));
  }

  /** The oldest that holds a record which arrived at or after a time. */
  since(time: Millis): Extent | undefined {
    const count = this.#count;
    return this.#at(firstWhere(count.all, (index) => this.#lastArrivalAt(index, count.archived) >= time));
  }

  /** The newest record is in this one, which may be known already. */
  extend(extent: Extent): void {
    if (this.#local.at(-1) !== extent) this.#local.push(extent);
  }

  /** Lets go of those on the disk without a record at or after an offset. Archived ones go by segments. */
  trim(offset: Offset): void {
    const kept = this.#local.findIndex(({ next }) => next > offset);
    this.#local.splice(0, kept === -1 ? this.#local.length : kept);
  }

  /** The oldest segment on the disk is archived from now on. */
  archived(segment: Segment): void {
    if (this.#local[0]?.segment === segment) this.#local.shift();
  }

  get #count(): { readonly archived: number; readonly all: number } {
    const archived = this.#archived.extentsOf(this.#shard);
    return { archived, all: archived + this.#local.length };
  }

  #at(index: number): Extent | undefined {
    const archived = this.#archived.extentsOf(this.#shard);
    return index < archived ? this.#archived.extent(this.#shard, index) : this.#local[index - archived];
  }

  #nextAt(index: number, archived: number): Offset {
    return index < archived ? this.#archived.nextOf(this.#shard, index) : this.#local[index - archived]!.next;
  }

  #lastArrivalAt(index: number, archived: number): Millis {
    return index < archived
      ? this.#archived.lastArrivalOf(this.#shard, index)
      : this.#local[index - archived]!.lastArrival;
  }
}
