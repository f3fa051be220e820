import assert from 'node:assert/strict';
import { metricsNameValues } from '../../../src/services/kinesis/parts/shapes.ts';

/** The members of requests that make a difference to the model. */
export type Input = {
  readonly StreamName?: string;
  readonly StreamARN?: string;
  readonly ResourceARN?: string;
  readonly ConsumerARN?: string;
  readonly ConsumerName?: string;
  readonly ShardCount?: number;
  readonly TargetShardCount?: number;
  readonly StreamModeDetails?: { readonly StreamMode: string };
  readonly RecordDistributionStrategy?: string;
  readonly MaxRecordSizeInKiB?: number;
  readonly RetentionPeriodHours?: number;
  readonly EnforceConsumerDeletion?: boolean;
  readonly ShardLevelMetrics?: readonly string[];
  readonly KeyId?: string;
  readonly Policy?: string;
  readonly Tags?: Readonly<Record<string, string>>;
  readonly TagKeys?: readonly string[];
  readonly ChannelARN?: string;
  readonly ChannelName?: string;
  readonly StreamConfigurationList?: readonly { readonly StreamARN: string }[];
};

type Status = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';

/** A stream as its clients have every right to imagine it. */
export class ModelStream {
  status: Status = 'CREATING';
  mode = 'PROVISIONED';
  open = 0;
  retention = 24;
  recordSize = 1024;
  distribution = 'USER_PARTITION_KEY';
  key: string | undefined;
  policy = '{}';
  metrics: string[] = [];
  tags = new Map<string, string>();
  consumers = new Map<string, Status>();
  /** By ARN. */
  channels = new Map<string, { readonly name: string; isLeaving: boolean }>();
  /** What is so once the stream is ACTIVE again. */
  next: () => void = () => {};

  /** Begins a change. */
  update(next: () => void): void {
    assert.equal(this.status, 'ACTIVE');
    this.status = 'UPDATING';
    this.next = next;
  }
}

/** The control plane of one account in one region: what must be true after each call that went well. */
export class Model {
  readonly streams = new Map<string, ModelStream>();

  /** The stream that a request is about, if there is one. */
  find(input: Input): ModelStream | undefined {
    const [source] = input.StreamConfigurationList ?? [];
    const arn = input.StreamARN ?? input.ResourceARN ?? input.ConsumerARN ?? source?.StreamARN;
    const name = input.StreamName ?? arn?.split('/')[1];
    return name === undefined ? undefined : this.streams.get(name);
  }

  /** Takes note of a call that went well; fails if it never should have. */
  succeeded(operation: string, input: Input): void {
    if (operation === 'CreateStream') this.#create(input);
    const effect = effects[operation];
    if (effect === undefined) return;
    const stream = this.find(input);
    assert.ok(stream !== undefined, 'there is such a stream');
    effect(stream, input);
  }

  /** Takes note of a channel that was made, or is on its way out. */
  channelSaid(operation: string, input: Input, arn: string): void {
    if (operation === 'DeleteChannel') {
      for (const { channels } of this.streams.values()) {
        const channel = channels.get(arn);
        if (channel !== undefined) channel.isLeaving = true;
      }
      return;
    }
    const stream = this.find(input)!;
    const taken = [...this.streams.values()].flatMap(({ channels }) => [...channels.values()]);
    assert.ok(!taken.some(({ name }) => name === input.ChannelName), 'the name was free');
    stream.channels.set(arn, { name: input.ChannelName!, isLeaving: false });
  }

  /** Time has passed, enough for every transition. */
  settle(): void {
    for (const [name, stream] of this.streams) {
      for (const [consumer, status] of stream.consumers) {
        if (status === 'DELETING') stream.consumers.delete(consumer);
        else stream.consumers.set(consumer, 'ACTIVE');
      }
      for (const [arn, { isLeaving }] of stream.channels) if (isLeaving) stream.channels.delete(arn);
      if (stream.status === 'DELETING') this.streams.delete(name);
      if (stream.status === 'CREATING' || stream.status === 'UPDATING') {
        stream.next();
        stream.status = 'ACTIVE';
      }
    }
  }

  #create(input: Input): void {
    const name = input.StreamName!;
    assert.ok(!this.streams.has(name), 'the name was free');
    const stream = new ModelStream();
    const count = input.ShardCount;
    const mode = input.StreamModeDetails?.StreamMode;
    stream.mode = mode ?? (count === undefined ? 'ON_DEMAND' : 'PROVISIONED');
    stream.next = () => {
      stream.open = count ?? 4;
    };
    stream.recordSize = input.MaxRecordSizeInKiB ?? 1024;
    stream.distribution = input.RecordDistributionStrategy ?? 'USER_PARTITION_KEY';
    stream.tags = new Map(Object.entries(input.Tags ?? {}));
    this.streams.set(name, stream);
  }
}

type Effect = (stream: ModelStream, input: Input) => void;

function isActive({ status }: ModelStream): void {
  assert.equal(status, 'ACTIVE');
}

function isServing({ status }: ModelStream): void {
  assert.ok(status === 'ACTIVE' || status === 'UPDATING');
}

const setRetention: Effect = (stream, input) => {
  isActive(stream);
  stream.retention = input.RetentionPeriodHours!;
};

const reshard =
  (more: number): Effect =>
  (stream) => {
    assert.equal(stream.mode, 'PROVISIONED');
    stream.update(() => {
      stream.open += more;
    });
  };

const setTags: Effect = (stream, input) => {
  if (input.ResourceARN?.includes('/consumer/')) return;
  for (const [name, value] of Object.entries(input.Tags!)) stream.tags.set(name, value);
};

const removeTags: Effect = (stream, input) => {
  if (input.ResourceARN?.includes('/consumer/')) return;
  for (const name of input.TagKeys!) stream.tags.delete(name);
};

const setPolicy: Effect = (stream, input) => {
  if (!input.ResourceARN!.includes('/consumer/')) stream.policy = input.Policy ?? '{}';
};

const singleMetrics = metricsNameValues.filter((name) => name !== 'ALL');

function setMetrics(enable: boolean): Effect {
  return (stream, input) => {
    isActive(stream);
    const names = input.ShardLevelMetrics!;
    const named = names.includes('ALL') ? singleMetrics : names;
    stream.metrics = singleMetrics.filter((name) =>
      named.includes(name) ? enable : stream.metrics.includes(name),
    );
  };
}

function setKey(keyOf: (input: Input) => string | undefined): Effect {
  return (stream, input) =>
    stream.update(() => {
      stream.key = keyOf(input);
    });
}

function setMode(stream: ModelStream, input: Input): void {
  isActive(stream);
  const mode = input.StreamModeDetails!.StreamMode;
  if (mode === stream.mode) return;
  assert.equal(stream.channels.size, 0);
  stream.update(() => {
    stream.mode = mode;
    if (mode === 'PROVISIONED') stream.distribution = 'USER_PARTITION_KEY';
  });
}

function scale(stream: ModelStream, input: Input): void {
  isActive(stream);
  const target = input.TargetShardCount!;
  if (target === stream.open) return;
  reshard(target - stream.open)(stream, input);
}

/**
 * What a call that went well says about its stream before, and makes of it. Operations that are not here
 * change nothing.
 */
const effects: Readonly<Record<string, Effect>> = {
  DeleteStream: (stream, input) => {
    assert.notEqual(stream.status, 'DELETING');
    assert.equal(stream.channels.size, 0);
    if (stream.consumers.size > 0) assert.equal(input.EnforceConsumerDeletion, true);
    stream.status = 'DELETING';
  },
  SplitShard: reshard(1),
  MergeShards: reshard(-1),
  UpdateShardCount: scale,
  UpdateStreamMode: setMode,
  UpdateStreamWarmThroughput: (stream) => {
    assert.equal(stream.mode, 'ON_DEMAND');
    stream.update(() => {});
  },
  UpdateStreamRecordDistributionStrategy: (stream, input) => {
    isActive(stream);
    assert.equal(stream.mode, 'ON_DEMAND');
    stream.distribution = input.RecordDistributionStrategy!;
  },
  UpdateMaxRecordSize: (stream, input) => {
    isActive(stream);
    stream.recordSize = input.MaxRecordSizeInKiB!;
  },
  IncreaseStreamRetentionPeriod: setRetention,
  DecreaseStreamRetentionPeriod: setRetention,
  EnableEnhancedMonitoring: setMetrics(true),
  DisableEnhancedMonitoring: setMetrics(false),
  StartStreamEncryption: setKey((input) => input.KeyId),
  StopStreamEncryption: setKey(() => undefined),
  AddTagsToStream: setTags,
  TagResource: setTags,
  RemoveTagsFromStream: removeTags,
  UntagResource: removeTags,
  PutResourcePolicy: setPolicy,
  DeleteResourcePolicy: setPolicy,
  RegisterStreamConsumer: (stream, input) => {
    isServing(stream);
    assert.ok(!stream.consumers.has(input.ConsumerName!));
    stream.consumers.set(input.ConsumerName!, 'CREATING');
  },
  DeregisterStreamConsumer: (stream, input) => {
    const name = input.ConsumerName ?? /consumer\/(\w+):/.exec(input.ConsumerARN!)![1]!;
    assert.ok(stream.consumers.has(name));
    stream.consumers.set(name, 'DELETING');
  },
  CreateChannel: (stream) => {
    isServing(stream);
    assert.equal(stream.mode, 'ON_DEMAND');
  },
  SubscribeToShard: isServing,
  PutRecord: isServing,
  PutRecords: isServing,
  GetShardIterator: isServing,
  ListShards: isServing,
};
