import { boolean, list, required, string, structure } from '../../../wire/shape.ts';
import { tableName } from './item-shapes.ts';
import {
  attributeDefinitions,
  billingMode,
  globalIndex,
  keySchema,
  localIndex,
  onDemandThroughput,
  sseSpecification,
  streamSpecification,
  tableClass,
  tags,
  throughput,
  warmThroughput,
} from './table-shapes.ts';

/** What CreateTable takes. */
export const createTableMembers = {
  AttributeDefinitions: attributeDefinitions,
  TableName: required(tableName),
  KeySchema: keySchema,
  LocalSecondaryIndexes: list(localIndex),
  GlobalSecondaryIndexes: list(globalIndex),
  BillingMode: billingMode,
  ProvisionedThroughput: throughput,
  StreamSpecification: streamSpecification,
  SSESpecification: sseSpecification,
  Tags: tags,
  TableClass: tableClass,
  DeletionProtectionEnabled: boolean(),
  WarmThroughput: warmThroughput,
  ResourcePolicy: string(),
  OnDemandThroughput: onDemandThroughput,
  GlobalTableSourceArn: string(),
  GlobalTableSettingsReplicationMode: string(),
  VectorIndexes: list(structure('VectorIndex', {})),
};
