import { KafkaError, type KafkaErrorCode } from '../../env/kafka.ts';
import { UnavailableError } from '../log.ts';

/** Kafka's errors that are told apart here (Kafka protocol guide, "Error Codes"). */
export const errorCodes = {
  unknownServerError: -1,
  none: 0,
  offsetOutOfRange: 1,
  corruptMessage: 2,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  notLeaderOrFollower: 6,
  requestTimedOut: 7,
  brokerNotAvailable: 8,
  replicaNotAvailable: 9,
  messageTooLarge: 10,
  networkException: 13,
  coordinatorLoadInProgress: 14,
  coordinatorNotAvailable: 15,
  recordListTooLarge: 18,
  notEnoughReplicas: 19,
  notEnoughReplicasAfterAppend: 20,
  topicAlreadyExists: 36,
  invalidPartitions: 37,
  invalidReplicationFactor: 38,
  notController: 41,
  outOfOrderSequenceNumber: 45,
  duplicateSequenceNumber: 46,
  invalidProducerEpoch: 47,
  invalidProducerIdMapping: 49,
  concurrentTransactions: 51,
  kafkaStorageError: 56,
  unknownProducerId: 59,
  fetchSessionIdNotFound: 70,
  fencedLeaderEpoch: 74,
  unknownLeaderEpoch: 75,
  offsetNotAvailable: 78,
  throttlingQuotaExceeded: 89,
  producerFenced: 90,
  unknownTopicId: 100,
  inconsistentTopicId: 103,
} as const;

/** Whether the same request may succeed later, or at another broker. */
export function isPassing(code: KafkaErrorCode): boolean {
  return passing.has(code);
}

/** Whether an error says that another broker leads, or that the one that was asked knows too little. */
export function isStale(code: KafkaErrorCode): boolean {
  return stale.has(code);
}

/** Whether what was asked may be asked again later: no broker answers, or one with an error that passes. */
export function isTemporary(error: unknown): error is UnavailableError | KafkaError {
  return error instanceof UnavailableError || (error instanceof KafkaError && isPassing(error.code));
}

const stale: ReadonlySet<KafkaErrorCode> = new Set([
  errorCodes.unknownTopicOrPartition,
  errorCodes.leaderNotAvailable,
  errorCodes.notLeaderOrFollower,
  errorCodes.replicaNotAvailable,
  errorCodes.kafkaStorageError,
  errorCodes.fencedLeaderEpoch,
  errorCodes.unknownLeaderEpoch,
  errorCodes.unknownTopicId,
  errorCodes.inconsistentTopicId,
]);

const passing: ReadonlySet<KafkaErrorCode> = new Set([
  ...stale,
  errorCodes.requestTimedOut,
  errorCodes.brokerNotAvailable,
  errorCodes.networkException,
  errorCodes.coordinatorLoadInProgress,
  errorCodes.coordinatorNotAvailable,
  errorCodes.notEnoughReplicas,
  errorCodes.notEnoughReplicasAfterAppend,
  errorCodes.notController,
  errorCodes.concurrentTransactions,
  errorCodes.offsetNotAvailable,
  errorCodes.throttlingQuotaExceeded,
]);
