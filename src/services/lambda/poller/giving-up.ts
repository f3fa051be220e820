import type { Clock, Millis } from '../../../env/clock.ts';
import type { Logger } from '../../../env/logger.ts';
import { type Random, uuid } from '../../../env/random.ts';
import { sequenceNumberOf } from '../../../kinesis/sequence-number.ts';
import type { Destinations, GivenUp, InvocationRecord } from '../failures/destinations.ts';
import type { FailureStore, KeptRecord } from '../failures/failure-store.ts';
import type { InvokeOutcome } from '../functions/functions.ts';
import type { MappingMetrics } from '../mappings/mapping-metrics.ts';
import type { FailureRecord } from '../state/lambda-state.ts';
import { backoffMs, type Piece } from './attempts.ts';
import type { EventWriter } from './event-writer.ts';
import { dataOf, keyOf } from './polled-record.ts';
import type { ShardSubject } from './shard-subject.ts';

type GivingUpWorld = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  readonly failures: FailureStore;
  readonly destinations: Destinations;
  readonly metrics: MappingMetrics;
};

/** Why records are given up, and what is known of their last call. */
export type Hopeless = {
  readonly condition: FailureRecord['condition'];
  readonly error: string;
  readonly outcome: InvokeOutcome | undefined;
};

/** What is done with records that a mapping gives up, before its cursor passes them. */
export class GivingUp {
  readonly #world: GivingUpWorld;
  readonly #subject: ShardSubject;
  readonly #events: EventWriter;
  /** The stream's ARN, or the consumer's. */
  readonly #source: string;

  constructor(world: GivingUpWorld, subject: ShardSubject, events: EventWriter, source: string) {
    this.#world = world;
    this.#subject = subject;
    this.#events = events;
    this.#source = source;
  }

  /**
   * Resolves once the records are durable and their destination has heard of them, or refused; undefined when
   * it was stopped before. Never rejects: what cannot be kept is tried again.
   */
  async of(piece: Piece, why: Hopeless, stopping: AbortSignal): Promise<FailureRecord | undefined> {
    const { clock, logger } = this.#world;
    const { mapping, shardId } = this.#subject;
    for (let failures = 0; !stopping.aborted; ) {
      try {
        const data = await this.#world.failures.keep(mapping.uuid, this.#kept(piece));
        const delivery = await this.#delivered(piece, why, stopping);
        return delivery === undefined ? undefined : this.#failureOf(piece, why, { data, delivery });
      } catch (error) {
        logger.error('records that a mapping gives up could not be kept, will try again', {
          mapping: mapping.uuid,
          shardId,
          error,
        });
        await clock.sleep(backoffMs(++failures), stopping);
      }
    }
    return undefined;
  }

  #kept({ records }: Piece): KeptRecord[] {
    return records.map((record) => ({
      sequenceNumber: sequenceNumberOf(this.#subject.shard, record.offset, record.arrival),
      partitionKey: keyOf(record),
      arrival: record.arrival,
      data: dataOf(record),
    }));
  }

  /** Undefined when it was stopped before the destination has answered. */
  async #delivered(
    piece: Piece,
    why: Hopeless,
    stopping: AbortSignal,
  ): Promise<FailureRecord['delivery'] | undefined> {
    const { mapping, name, role, shardId } = this.#subject;
    const { onFailure: arn, account, region, uuid: id } = mapping;
    const { destinations, metrics, logger } = this.#world;
    if (arn === undefined || arn === '') {
      if (mapping.countsEvents) metrics.count(name, 'DroppedEventCount', piece.records.length);
      return 'none';
    }
    try {
      const destination = { arn, account, region, mapping: id, role };
      await destinations.send(destination, this.#givenUp(piece, why), stopping);
    } catch (error) {
      if (stopping.aborted) return undefined;
      logger.error('a destination did not take what a mapping gave up', { mapping: id, shardId, arn, error });
      if (mapping.countsEvents) metrics.count(name, 'DroppedEventCount', piece.records.length);
      return 'failed';
    }
    if (mapping.countsEvents)
      metrics.count(name, 'OnFailureDestinationDeliveredEventCount', piece.records.length);
    return 'delivered';
  }

  #givenUp(piece: Piece, why: Hopeless): GivenUp {
    return { record: this.#invocationRecord(piece, why), event: this.#events.write(piece.records) };
  }

  #invocationRecord(piece: Piece, { condition, outcome }: Hopeless): InvocationRecord {
    const { mapping, shardId } = this.#subject;
    const { first, last } = this.#ends(piece);
    const { random, clock } = this.#world;
    const requestId = outcome?.requestId ?? uuid(random);
    return {
      requestContext: {
        requestId,
        functionArn: mapping.functionArn,
        condition,
        approximateInvokeCount: piece.calls,
      },
      ...(condition === 'RetryAttemptsExhausted' && outcome !== undefined
        ? { responseContext: responseContextOf(outcome) }
        : {}),
      version: '1.0',
      timestamp: isoText(clock.now()),
      KinesisBatchInfo: {
        shardId,
        startSequenceNumber: first.number,
        endSequenceNumber: last.number,
        approximateArrivalOfFirstRecord: isoText(first.arrival),
        approximateArrivalOfLastRecord: isoText(last.arrival),
        batchSize: piece.records.length,
        streamArn: this.#source,
      },
    };
  }

  #failureOf(
    piece: Piece,
    { condition, error }: Hopeless,
    kept: Pick<FailureRecord, 'data' | 'delivery'>,
  ): FailureRecord {
    const { first, last } = this.#ends(piece);
    return {
      at: this.#world.clock.now(),
      shardId: this.#subject.shardId,
      condition,
      firstSequenceNumber: first.number,
      lastSequenceNumber: last.number,
      records: piece.records.length,
      error,
      ...kept,
    };
  }

  #ends({ records }: Piece): { readonly first: NumberedArrival; readonly last: NumberedArrival } {
    const [first, last] = [records[0]!, records.at(-1)!].map(({ offset, arrival }) => {
      return { number: sequenceNumberOf(this.#subject.shard, offset, arrival), arrival };
    });
    return { first: first!, last: last! };
  }
}

type NumberedArrival = { readonly number: string; readonly arrival: Millis };

function responseContextOf(outcome: InvokeOutcome): NonNullable<InvocationRecord['responseContext']> {
  const { executedVersion, functionError } = outcome;
  return { statusCode: 200, executedVersion, functionError: functionError ?? null };
}

function isoText(time: Millis): string {
  return new Date(time).toISOString();
}
