import { setTimeout as sleep } from 'node:timers/promises';
import type { SignedService } from '../../harness/signer.ts';
import { Client } from '../client.ts';
import type { Contender } from '../contender.ts';
import { openMillrace } from '../contender.ts';
import { streamName } from '../load.ts';
import { treeCpuSeconds, treeResidentBytes } from '../process-tree.ts';
import type { RunningServer } from '../running-server.ts';

const firehose: SignedService = {
  scope: 'firehose',
  prefix: 'Firehose_20150804',
  contentType: 'application/x-amz-json-1.1',
};

export const bucket = 'lake';
const role = 'arn:aws:iam::000000000000:role/bench';

/** Open, and with credentials for a store that asks who comes. */
export const deliveringMillrace: Contender = {
  ...openMillrace,
  start(place) {
    const start = openMillrace.start(place);
    return { ...start, env: { ...start.env, AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' } };
  },
};

/** What becomes of flights, each a record of JSON; a chunk has so many MiB. */
export type FlightForm = { readonly kind: 'text' | 'gzip' | 'parquet'; readonly chunkMiB: number };

function destinationOf({ kind, chunkMiB }: FlightForm): object {
  const common = {
    ...{ RoleARN: role, BucketARN: `arn:aws:s3:::${bucket}`, Prefix: 'flights/' },
    BufferingHints: { SizeInMBs: chunkMiB, IntervalInSeconds: 60 },
  };
  if (kind === 'parquet') return { ...common, DataFormatConversionConfiguration: conversion };
  const Parameters = [{ ParameterName: 'Delimiter', ParameterValue: '\\n' }];
  return {
    ...common,
    CompressionFormat: kind === 'gzip' ? 'GZIP' : 'UNCOMPRESSED',
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [{ Type: 'AppendDelimiterToRecord', Parameters }],
    },
  };
}

const conversion = {
  SchemaConfiguration: {
    ...{ RoleARN: role, DatabaseName: 'inline' },
    TableName: 'struct<date:timestamp,delay:int,distance:bigint,origin:string,destination:string>',
  },
  InputFormatConfiguration: {
    Deserializer: { HiveJsonSerDe: { TimestampFormats: ['yyyy/MM/dd HH:mm'] } },
  },
  OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
};

type Sight = {
  readonly Records: number;
  readonly Bytes: number;
  readonly Refused: number;
  readonly Reason?: string;
};

/** A delivery stream of the benchmark's stream, as one of a server that is measured. */
export class BenchDelivery {
  readonly #server: RunningServer;
  readonly #name: string;

  /** Resolves when it is ACTIVE: what is put from now on is delivered, once there is a store. */
  static async make(server: RunningServer, form: FlightForm, stream = streamName): Promise<BenchDelivery> {
    const delivery = new BenchDelivery(server, `of-${stream}`);
    await delivery.#call('CreateDeliveryStream', {
      DeliveryStreamName: delivery.#name,
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`,
        RoleARN: role,
      },
      ExtendedS3DestinationConfiguration: destinationOf(form),
    });
    while ((await delivery.#status()) !== 'ACTIVE') await sleep(20);
    return delivery;
  }

  private constructor(server: RunningServer, name: string) {
    this.#server = server;
    this.#name = name;
  }

  /** Resolves when it is gone. */
  async remove(): Promise<void> {
    await this.#call('DeleteDeliveryStream', { DeliveryStreamName: this.#name });
    while ((await this.#status()) !== undefined) await sleep(20);
  }

  /**
   * Waits until so many bytes are delivered since the server runs. Answers how many megabytes were by then,
   * how long that took, the server's CPU time, and the most memory that it had. Rejects where a record was
   * refused.
   */
  async watch(bytes: number) {
    const { pid } = this.#server;
    const beganMs = performance.now();
    const cpuBefore = treeCpuSeconds(pid);
    let residentMax = 0;
    for (;;) {
      const { Bytes, Refused, Reason } = await this.#sight();
      if (Refused > 0) throw new Error(`${Refused} flights were refused`);
      residentMax = Math.max(residentMax, treeResidentBytes(pid));
      const seconds = (performance.now() - beganMs) / 1000;
      const cpuSeconds = treeCpuSeconds(pid) - cpuBefore;
      if (Bytes >= bytes) return { megabytes: Bytes / 1e6, seconds, cpuSeconds, residentMax };
      if (seconds > watchSecondsMax) throw new Error(`delivered ${Bytes} of ${bytes} bytes: ${Reason}`);
      await sleep(20);
    }
  }

  async #sight(): Promise<Sight> {
    const { Deliveries } = (await this.#call('ListDeliveries', {})) as Deliveries;
    const sight = Deliveries.find(({ Name }) => Name === this.#name);
    return sight ?? { Records: 0, Bytes: 0, Refused: 0 };
  }

  async #status(): Promise<string | undefined> {
    try {
      const said = await this.#call('DescribeDeliveryStream', { DeliveryStreamName: this.#name });
      return (said as Described).DeliveryStreamDescription.DeliveryStreamStatus;
    } catch (error) {
      if (String(error).includes('ResourceNotFoundException')) return undefined;
      throw error;
    }
  }

  async #call(operation: string, input: object): Promise<unknown> {
    const client = await Client.open(this.#server.port, firehose);
    try {
      return await client.call(operation, input);
    } finally {
      client.close();
    }
  }
}

type Deliveries = { readonly Deliveries: readonly (Sight & { readonly Name: string })[] };
type Described = { readonly DeliveryStreamDescription: { readonly DeliveryStreamStatus: string } };

/** Long: a slow machine is no failure. */
const watchSecondsMax = 300;
