import { inflate } from './inflated-layers.ts';

/** What stands before a payload whose schema is kept by a registry. */
export type RegistryHeader = {
  readonly forms: readonly string[];
  readonly registry: string;
  readonly schemaId: string;
  /** The bytes behind it. `Undecodable` where they are not compressed as it says. */
  readonly payload: () => Buffer;
};

/**
 * The header that data begins with, if it does:
 *
 *   Glue       3, compression (0: none, 5: zlib), UUID of the schema version: 16 bytes
 *   Confluent  0, id of the schema: 4 bytes, big-endian
 *
 * (awslabs/aws-glue-schema-registry, "AWSSchemaRegistryConstants"; Confluent, "Wire format"). Other data may
 * begin like that by chance.
 */
export function registryHeader(data: Buffer): RegistryHeader | undefined {
  return glueHeader(data) ?? confluentHeader(data);
}

function glueHeader(data: Buffer): RegistryHeader | undefined {
  const isCompressed = data[1] === zlibCompression;
  if (data.length < glueHeaderBytes || data[0] !== glueVersion || !(isCompressed || data[1] === 0))
    return undefined;
  const hex = data.toString('hex', 2, glueHeaderBytes);
  const rest = data.subarray(glueHeaderBytes);
  return {
    forms: isCompressed ? ['glue', 'zlib'] : ['glue'],
    registry: 'the Glue schema registry',
    schemaId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    payload: () => (isCompressed ? inflate('zlib', rest) : rest),
  };
}

const glueVersion = 3;
const zlibCompression = 5;
const glueHeaderBytes = 1 + 1 + 16; // version, compression, UUID

function confluentHeader(data: Buffer): RegistryHeader | undefined {
  if (data.length <= confluentHeaderBytes || data[0] !== 0) return undefined;
  const id = data.readUInt32BE(1);
  if (id === 0 || id > confluentIdMax) return undefined;
  return {
    forms: ['confluent'],
    registry: 'a Confluent registry',
    schemaId: String(id),
    payload: () => data.subarray(confluentHeaderBytes),
  };
}

const confluentHeaderBytes = 1 + 4; // magic, id

/** Registries count from 1 on; no known one has so many, and data that begins with a 0 byte is common. */
const confluentIdMax = 10_000_000;
