import { formatShardId } from '../../../kinesis/shard-id.ts';
import { keyRefusal } from '../../../stream/errors.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { eventOf } from './tail-wording.ts';

/** What a tail has to say of shards that it cannot read: once for each, until it can again. */
export class TailTroubles {
  readonly #failing = new Map<number, string>();
  readonly #unsaid = new Map<string, { readonly error: ServiceError; readonly shards: number[] }>();
  #lost = 0;

  /** A shard cannot be read now, and is tried again. Answers whether that is news. */
  failed(shard: number, raised: unknown): boolean {
    const error = errorOf(raised);
    const name = `${error.type} ${error.message}`;
    if (this.#failing.get(shard) === name) return false;
    this.#failing.set(shard, name);
    const said = this.#unsaid.get(name) ?? { error, shards: [] };
    said.shards.push(shard);
    this.#unsaid.set(name, said);
    return true;
  }

  recovered(shard: number): void {
    this.#failing.delete(shard);
  }

  /** Records had expired, or were trimmed, before they were read. */
  lost(records: number): void {
    this.#lost += records;
  }

  /** The events that are due; empty for none. */
  take(): string {
    const events = [...this.#unsaid.values()].map(({ error, shards }) => troubleOf(error, shards));
    this.#unsaid.clear();
    if (this.#lost > 0) events.push(lostEvent(this.#lost));
    this.#lost = 0;
    return events.join('');
  }
}

/** `shardIds` are the first of the shards that it is about, `shards` is how many they are. */
export function troubleOf({ type, message }: ServiceError, shards: readonly number[] = []): string {
  if (shards.length === 0) return eventOf('trouble', { type, message });
  const shardIds = shards.slice(0, shardIdsMax).map(formatShardId);
  return eventOf('trouble', { type, message, shardIds, shards: shards.length });
}

const shardIdsMax = 10;

function lostEvent(records: number): string {
  const message = `${records} records were gone before they were read: they had expired.`;
  return eventOf('trouble', { type: 'RecordsLost', message, records });
}

function errorOf(raised: unknown): ServiceError {
  const error = keyRefusal(raised);
  if (error instanceof ServiceError) return error;
  return new ServiceError('InternalFailure', 'Records cannot be read now. It is tried again.');
}
