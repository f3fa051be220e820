import { applicationsMutants } from './applications-mutants.ts';
import { atRestMutants } from './at-rest-mutants.ts';
import { auditMutants } from './audit-mutants.ts';
import { boundedTablesMutants } from './bounded-tables-mutants.ts';
import { cheapItemsMutants } from './cheap-items-mutants.ts';
import { cliMutants } from './cli-mutants.ts';
import { cloudwatchMutants } from './cloudwatch-mutants.ts';
import { connMutants } from './conn-mutants.ts';
import { deliveryArchiveMutants } from './delivery-archive-mutants.ts';
import { deliveryArchiveProofMutants } from './delivery-archive-proof-mutants.ts';
import { deliveryArchiveTipMutants } from './delivery-archive-tip-mutants.ts';
import { deliveryAttackMutants } from './delivery-attack-mutants.ts';
import { deliveryChannelsMutants } from './delivery-channels-mutants.ts';
import { deliveryClusterMutants } from './delivery-cluster-mutants.ts';
import { deliveryCommandMutants } from './delivery-command-mutants.ts';
import { deliveryEleganceMutants } from './delivery-elegance-mutants.ts';
import { deliveryFirehoseMutants } from './delivery-firehose-mutants.ts';
import { deliveryHttpMutants } from './delivery-http-mutants.ts';
import { deliveryIcebergMutants } from './delivery-iceberg-mutants.ts';
import { deliveryLeftoversMutants } from './delivery-leftovers-mutants.ts';
import { deliveryMemoryMutants } from './delivery-memory-mutants.ts';
import { deliveryObjectsMutants } from './delivery-objects-mutants.ts';
import { deliveryParquetMutants } from './delivery-parquet-mutants.ts';
import { deliveryRunMutants } from './delivery-run-mutants.ts';
import { deliverySimMutants } from './delivery-sim-mutants.ts';
import { deliveryStagesMutants } from './delivery-stages-mutants.ts';
import { disciplineMutants } from './discipline-mutants.ts';
import { diskMutants } from './disk-mutants.ts';
import { encryptionMutants } from './encryption-mutants.ts';
import { escalationMutants } from './escalation-mutants.ts';
import { expressionsMutants } from './expressions-mutants.ts';
import { fastPutMutants } from './fast-put-mutants.ts';
import { formatMutants } from './format-mutants.ts';
import { formatTwoMutants } from './format-two-mutants.ts';
import { gateMutants } from './gate-mutants.ts';
import { heavyMutants } from './heavy-mutants.ts';
import { historiesMutants } from './histories-mutants.ts';
import { hostileMutants } from './hostile-mutants.ts';
import { iamMutants } from './iam-mutants.ts';
import { itemsMutants } from './items-mutants.ts';
import { journalMutants } from './journal-mutants.ts';
import { kafkaBrokersMutants } from './kafka-brokers-mutants.ts';
import { kafkaClusterMutants } from './kafka-cluster-mutants.ts';
import { kafkaControlMutants } from './kafka-control-mutants.ts';
import { kafkaFakeMutants } from './kafka-fake-mutants.ts';
import { kafkaLeadersMutants } from './kafka-leaders-mutants.ts';
import { kafkaPeersMutants } from './kafka-peers-mutants.ts';
import { kafkaProducerMutants } from './kafka-producer-mutants.ts';
import { kafkaRecordsMutants } from './kafka-records-mutants.ts';
import { kafkaServerMutants } from './kafka-server-mutants.ts';
import { kafkaServicesMutants } from './kafka-services-mutants.ts';
import { kafkaTortureMutants } from './kafka-torture-mutants.ts';
import { kafkaWorldMutants } from './kafka-world-mutants.ts';
import { keysMutants } from './keys-mutants.ts';
import { lambdaAttackedMutants } from './lambda-attacked-mutants.ts';
import { lambdaCompositionMutants } from './lambda-composition-mutants.ts';
import { lambdaFilterMutants } from './lambda-filter-mutants.ts';
import { lambdaFunctionsMutants } from './lambda-functions-mutants.ts';
import { lambdaGatewaysMutants } from './lambda-gateways-mutants.ts';
import { lambdaMappingMutants } from './lambda-mapping-mutants.ts';
import { lambdaPollerMutants } from './lambda-poller-mutants.ts';
import { lambdaRunningMutants } from './lambda-running-mutants.ts';
import { lambdaStateMutants } from './lambda-state-mutants.ts';
import { lambdaWorldMutants } from './lambda-world-mutants.ts';
import { lockedMutants } from './locked-mutants.ts';
import { memoryMutants } from './memory-mutants.ts';
import type { Mutant } from './mutant.ts';
import { operatorMutants } from './operator-mutants.ts';
import { policyMutants } from './policy-mutants.ts';
import { privateMutants } from './private-mutants.ts';
import { proofsMutants } from './proofs-mutants.ts';
import { redMutants } from './red-mutants.ts';
import { rowsMutants } from './rows-mutants.ts';
import { rpcMutants } from './rpc-mutants.ts';
import { scopeMutants } from './scope-mutants.ts';
import { sealedMutants } from './sealed-mutants.ts';
import { seenAdditionsMutants } from './seen-additions-mutants.ts';
import { seenAttackMutants } from './seen-attack-mutants.ts';
import { seenBenchMutants } from './seen-bench-mutants.ts';
import { seenCommandMutants } from './seen-command-mutants.ts';
import { seenConsoleMutants } from './seen-console-mutants.ts';
import { seenMeterMutants } from './seen-meter-mutants.ts';
import { seenMetricsMutants } from './seen-metrics-mutants.ts';
import { seenRecordsMutants } from './seen-records-mutants.ts';
import { seenShellMutants } from './seen-shell-mutants.ts';
import { seenSightsMutants } from './seen-sights-mutants.ts';
import { seenSizeMutants } from './seen-size-mutants.ts';
import { seenStreamsMutants } from './seen-streams-mutants.ts';
import { seenViewsMutants } from './seen-views-mutants.ts';
import { seenWorldMutants } from './seen-world-mutants.ts';
import { serviceMutants } from './service-mutants.ts';
import { servicesAtRestMutants } from './services-at-rest-mutants.ts';
import { shardMutants } from './shard-mutants.ts';
import { signatureMutants } from './signature-mutants.ts';
import { subscribeMutants } from './subscribe-mutants.ts';
import { tablesMutants } from './tables-mutants.ts';
import { waistMutants } from './waist-mutants.ts';
import { wireMutants } from './wire-mutants.ts';
import { workersMutants } from './workers-mutants.ts';

export const mutants: readonly Mutant[] = [
  ...disciplineMutants,
  ...formatMutants,
  ...formatTwoMutants,
  ...seenSightsMutants,
  ...seenMeterMutants,
  ...seenBenchMutants,
  ...serviceMutants,
  ...scopeMutants,
  ...rowsMutants,
  ...shardMutants,
  ...signatureMutants,
  ...cliMutants,
  ...deliveryParquetMutants,
  ...diskMutants,
  ...connMutants,
  ...deliveryIcebergMutants,
  ...kafkaBrokersMutants,
  ...cloudwatchMutants,
  ...hostileMutants,
  ...proofsMutants,
  ...boundedTablesMutants,
  ...cheapItemsMutants,
  ...itemsMutants,
  ...historiesMutants,
  ...redMutants,
  ...memoryMutants,
  ...fastPutMutants,
  ...waistMutants,
  ...workersMutants,
  ...kafkaProducerMutants,
  ...kafkaLeadersMutants,
  ...expressionsMutants,
  ...heavyMutants,
  ...rpcMutants,
  ...journalMutants,
  ...kafkaControlMutants,
  ...kafkaClusterMutants,
  ...wireMutants,
  ...subscribeMutants,
  ...encryptionMutants,
  ...atRestMutants,
  ...gateMutants,
  ...iamMutants,
  ...kafkaFakeMutants,
  ...keysMutants,
  ...operatorMutants,
  ...auditMutants,
  ...policyMutants,
  ...escalationMutants,
  ...privateMutants,
  ...lambdaAttackedMutants,
  ...lambdaCompositionMutants,
  ...lambdaFilterMutants,
  ...lambdaFunctionsMutants,
  ...lambdaStateMutants,
  ...lambdaWorldMutants,
  ...lambdaGatewaysMutants,
  ...lambdaMappingMutants,
  ...lockedMutants,
  ...lambdaRunningMutants,
  ...sealedMutants,
  ...servicesAtRestMutants,
  ...tablesMutants,
  ...applicationsMutants,
  ...kafkaPeersMutants,
  ...kafkaRecordsMutants,
  ...kafkaServerMutants,
  ...kafkaServicesMutants,
  ...kafkaTortureMutants,
  ...kafkaWorldMutants,
  ...lambdaPollerMutants,
  ...deliveryEleganceMutants,
  ...deliveryClusterMutants,
  ...deliveryFirehoseMutants,
  ...deliveryLeftoversMutants,
  ...deliveryMemoryMutants,
  ...deliveryObjectsMutants,
  ...deliveryRunMutants,
  ...deliverySimMutants,
  ...deliveryStagesMutants,
  ...deliveryHttpMutants,
  ...deliveryChannelsMutants,
  ...deliveryArchiveMutants,
  ...deliveryCommandMutants,
  ...deliveryArchiveProofMutants,
  ...deliveryAttackMutants,
  ...deliveryArchiveTipMutants,
  ...seenAdditionsMutants,
  ...seenAttackMutants,
  ...seenCommandMutants,
  ...seenConsoleMutants,
  ...seenViewsMutants,
  ...seenRecordsMutants,
  ...seenMetricsMutants,
  ...seenStreamsMutants,
  ...seenWorldMutants,
  ...seenShellMutants,
  ...seenSizeMutants,
];

export function mutantNamed(name: string): Mutant {
  const mutant = mutants.find((candidate) => candidate.name === name);
  if (mutant === undefined) throw new Error(`No mutant is called '${name}'.`);
  return mutant;
}
