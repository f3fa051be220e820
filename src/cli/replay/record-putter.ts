import type { SingleRecord } from '../../views/decode/deaggregated.ts';
import type { PlacedRecord, Target } from '../copy/target.ts';

/**
 * Puts records in lanes, those of a key in the same one: a request takes one record of a key, so that their
 * order holds whatever is refused, and lanes do not wait for each other.
 */
export class RecordPutter {
  readonly #target: Target;
  #records = 0;
  #atOnce = 0;

  constructor(target: Target) {
    this.#target = target;
  }

  /** How many were put for certain. */
  get records(): number {
    return this.#records;
  }

  /** Of how many it was not known yet when a put failed. */
  get atOnce(): number {
    return this.#atOnce;
  }

  /** Resolves when all are put. Rejects as `Target.put` does, once no lane puts any more. */
  async put(records: readonly SingleRecord[]): Promise<void> {
    const lanes = Map.groupBy(records, ({ partitionKey }) => laneOf(partitionKey));
    this.#atOnce = records.length;
    const outcomes = await Promise.allSettled([...lanes.values()].map((lane) => this.#putLane(lane)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #putLane(records: readonly SingleRecord[]): Promise<void> {
    for (let first = 0; first < records.length; first += stepRecords) {
      const some = records.slice(first, first + stepRecords);
      await this.#target.put(some.map(placedRecord));
      this.#records += some.length;
      this.#atOnce -= some.length;
    }
  }
}

const stepRecords = 500;

function placedRecord({ sequenceNumber, partitionKey, data, explicitHashKey }: SingleRecord): PlacedRecord {
  const record = {
    SequenceNumber: sequenceNumber,
    PartitionKey: partitionKey,
    Data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  };
  return { record, hashKey: explicitHashKey };
}

function laneOf(partitionKey: string): number {
  let sum = 0;
  for (let index = 0; index < partitionKey.length; index++)
    sum = (sum * 31 + partitionKey.charCodeAt(index)) >>> 0;
  return sum % laneCount;
}

const laneCount = 8;
