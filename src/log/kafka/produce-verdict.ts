import type { KafkaErrorCode } from '../../env/kafka.ts';
import { errorCodes, isStale } from './error-codes.ts';

/**
 * What a broker's answer to one attempt says of a record batch:
 *
 * - `stored`: all replicas in sync have it, at the offset that was answered.
 * - `unsure`: it may be stored. A leader that has appended it answers so as well, when it is deposed, or the
 *   others do not follow, while it waits for them.
 * - `refused`: this attempt stored nothing, another may.
 * - `too large`: nothing was stored, nor ever will be.
 * - `elsewhere`: an earlier attempt stored it, but it is not known where.
 * - `out of sequence`: nothing was stored, because what came before of this producer is not known there.
 * - `other producer`: nothing was stored, because the producer's id is not, or no more, its own.
 * - `final`: nothing was stored, for a reason that stays.
 */
export type Verdict =
  | 'stored'
  | 'unsure'
  | 'refused'
  | 'too large'
  | 'elsewhere'
  | 'out of sequence'
  | 'other producer'
  | 'final';

export function verdictOf(error: KafkaErrorCode, first: number): Verdict {
  if (error === errorCodes.none) return first < 0 ? 'elsewhere' : 'stored';
  if (isStale(error)) return 'unsure';
  return verdicts.get(error) ?? 'final';
}

const verdicts: ReadonlyMap<KafkaErrorCode, Verdict> = new Map([
  [errorCodes.requestTimedOut, 'unsure'],
  [errorCodes.brokerNotAvailable, 'unsure'],
  [errorCodes.networkException, 'unsure'],
  [errorCodes.notEnoughReplicasAfterAppend, 'unsure'],
  [errorCodes.unknownServerError, 'unsure'],
  [errorCodes.notEnoughReplicas, 'refused'],
  [errorCodes.corruptMessage, 'refused'],
  [errorCodes.throttlingQuotaExceeded, 'refused'],
  [errorCodes.messageTooLarge, 'too large'],
  [errorCodes.recordListTooLarge, 'too large'],
  [errorCodes.duplicateSequenceNumber, 'elsewhere'],
  [errorCodes.outOfOrderSequenceNumber, 'out of sequence'],
  [errorCodes.unknownProducerId, 'out of sequence'],
  [errorCodes.invalidProducerEpoch, 'other producer'],
  [errorCodes.invalidProducerIdMapping, 'other producer'],
  [errorCodes.producerFenced, 'other producer'],
]);
