import type { HttpMessage } from '../../../src/env/network.ts';
import { partitionOf } from '../../../src/kinesis/arn.ts';
import { sign } from '../../access/sigv4/signer.ts';
import { type Answer, authorization, Harness, jsonType } from './harness.ts';
import { naming } from './scoped-member.ts';

/** The caller, and the region that it signs for. */
export type Scope = { readonly region: string; readonly account: string };

export const east: Scope = { region: 'us-east-1', account: '000000000000' };
export const west: Scope = { region: 'us-west-2', account: '000000000000' };
export const china: Scope = { region: 'cn-north-1', account: '000000000000' };
/** Can call only where there are credentials. */
export const stranger: Scope = { region: 'us-east-1', account: '111111111111' };

const profiles = [east, stranger].map(
  ({ account }) => `[u${account}]
aws_access_key_id = AKID${account}
aws_secret_access_key = the secret of ${account}
aws_account_id = ${account}
`,
);

/**
 * A server on which each scope has the same: streams `present`, `elastic` and their consumers, with tags and
 * policies.
 */
export class ScopeWorld implements AsyncDisposable {
  readonly scopes: readonly Scope[];
  readonly #server: Harness;
  readonly #guarded: boolean;
  readonly #channels = new Map<Scope, string>();

  private constructor(server: Harness, scopes: readonly Scope[], guarded: boolean) {
    this.#server = server;
    this.scopes = scopes;
    this.#guarded = guarded;
  }

  /** With credentials or without. */
  static async start(
    guarded: boolean,
    scopes = guarded ? [east, west, china, stranger] : [east, west, china],
  ) {
    const world = new ScopeWorld(await startServer(guarded), scopes, guarded);
    for (const scope of scopes) await world.#furnish(scope);
    return world;
  }

  /** Calls an operation in JSON, whatever becomes of it. An event stream is let go. */
  async answer(scope: Scope, operation: string, input: object): Promise<Answer> {
    const { status, body } = await this.#server.handle(await this.#request(scope, operation, input));
    if (typeof body === 'object' && Symbol.asyncIterator in body) {
      await body[Symbol.asyncIterator]().return?.();
      return { status, body: undefined };
    }
    const text = Array.isArray(body) ? Buffer.concat(body) : Buffer.from(body as Buffer);
    return { status, body: text.length === 0 ? undefined : JSON.parse(String(text)) };
  }

  async call<Output = unknown>(scope: Scope, operation: string, input: object): Promise<Output> {
    const { status, body } = await this.answer(scope, operation, input);
    if (status === 200) return body as Output;
    throw new Error(`${operation} answered ${status} ${JSON.stringify(body)}`);
  }

  /** The ARN of a channel of `elastic`. */
  channelArnOf(scope: Scope): string {
    return this.#channels.get(scope)!;
  }

  /** Everything that can be seen of every scope: settings and records. */
  async state(): Promise<unknown[]> {
    const seen: unknown[] = [];
    for (const scope of this.scopes) {
      const see = async (operation: string, input: object) =>
        seen.push((await this.answer(scope, operation, input)).body);
      await see('DescribeAccountSettings', {});
      await see('ListStreams', {});
      await see('ListChannels', {});
      await see('DescribeChannel', { ChannelARN: this.channelArnOf(scope) });
      for (const name of streams) {
        const StreamARN = streamArnOf(scope, name);
        await see('DescribeStream', { StreamARN });
        await see('DescribeStreamSummary', { StreamARN });
        await see('ListStreamConsumers', { StreamARN });
        for (const ResourceARN of [StreamARN, consumerArnOf(scope, name)]) {
          await see('ListTagsForResource', { ResourceARN });
          await see('GetResourcePolicy', { ResourceARN });
        }
        for (const ShardId of ['0', '1']) {
          const from = { StreamARN, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
          const { ShardIterator } = await this.call<{ ShardIterator: string }>(
            scope,
            'GetShardIterator',
            from,
          );
          const read = await this.call<{ Records: unknown }>(scope, 'GetRecords', { ShardIterator });
          seen.push(read.Records);
        }
      }
    }
    return seen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }

  async #request(scope: Scope, operation: string, input: object): Promise<HttpMessage> {
    const body = JSON.stringify(input);
    const target = `Kinesis_20131202.${operation}`;
    if (!this.#guarded) {
      const unsigned = this.#server.request(operation, body);
      const at = unsigned.rawHeaders.indexOf('Authorization') + 1;
      return {
        ...unsigned,
        rawHeaders: unsigned.rawHeaders.with(at, authorization.replace('us-east-1', scope.region)),
      };
    }
    return await sign({
      accessKeyId: `AKID${scope.account}`,
      key: { secretAccessKey: `the secret of ${scope.account}` },
      region: scope.region,
      headers: { host: 'localhost', 'content-type': jsonType, 'x-amz-target': target },
      body,
      at: this.#server.clock.now(),
    });
  }

  async #furnish(scope: Scope): Promise<void> {
    const provisioned = { StreamName: 'present', ShardCount: 2 };
    const settings = { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } };
    await this.call(scope, 'UpdateAccountSettings', settings);
    await this.call(scope, 'CreateStream', provisioned);
    await this.call(scope, 'CreateStream', { StreamName: 'elastic' });
    await this.#server.clock.advance(10);
    for (const name of streams) {
      const StreamARN = streamArnOf(scope, name);
      for (const ConsumerName of ['c', 'd']) {
        await this.call(scope, 'RegisterStreamConsumer', { StreamARN, ConsumerName });
      }
      await this.call(scope, 'IncreaseStreamRetentionPeriod', { StreamARN, RetentionPeriodHours: 48 });
      await this.call(scope, 'PutRecord', { StreamARN, Data: 'YQ==', PartitionKey: 'k' });
      await this.#server.clock.advance(10);
      for (const ResourceARN of [StreamARN, consumerArnOf(scope, name)]) {
        await this.call(scope, 'TagResource', { ResourceARN, Tags: { k: 'v' } });
        await this.call(scope, 'PutResourcePolicy', { ResourceARN, Policy: policyOf(ResourceARN) });
      }
    }
    for (const ChannelName of ['to-bucket', 'to-other']) {
      const { ChannelDescription } = await this.call<{ ChannelDescription: { ChannelARN: string } }>(
        scope,
        'CreateChannel',
        {
          ...toBucket(scope),
          ...{ ChannelName, Tags: { k: 'v' } },
          StreamConfigurationList: naming('StreamConfigurationList', streamArnOf(scope, 'elastic')),
        },
      );
      this.#channels.set(scope, ChannelDescription.ChannelARN);
    }
    // There is no store of objects in this world: the channels have failed for good.
    await this.#server.clock.advance(10);
  }
}

/** What of a request for a channel does not name its stream. */
export function toBucket({ account }: Scope) {
  const StorageConfiguration = {
    ...{ BucketARN: 'arn:aws:s3:::bucket', ExpectedBucketOwner: account },
    CompressionType: 'NONE',
  };
  return {
    ServiceExecutionRoleARN: `arn:aws:iam::${account}:role/delivers`,
    S3DestinationConfiguration: { StorageConfiguration },
  };
}

const streams = ['present', 'elastic'] as const;

export function streamArnOf({ region, account }: Scope, name: string): string {
  return `arn:${partitionOf(region)}:kinesis:${region}:${account}:stream/${name}`;
}

/** The clock begins in this second, and no world takes a second to furnish. */
export function consumerArnOf(scope: Scope, name: string): string {
  return `${streamArnOf(scope, name)}/consumer/c:1700000000`;
}

export function policyOf(arn: string): string {
  const Action = arn.includes('/consumer/') ? 'kinesis:SubscribeToShard' : 'kinesis:GetRecords';
  // Nobody of this account is here: to everybody else, things stay closed.
  const Principal = { AWS: '999999999999' };
  return JSON.stringify({ Statement: { Effect: 'Allow', Principal, Action, Resource: arn } });
}

function startServer(guarded: boolean): Promise<Harness> {
  const options = { limits: 'none', transitionDelay: 0 } as const;
  return guarded ? Harness.startFor(profiles.join(''), options) : Harness.start(options);
}
