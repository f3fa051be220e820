import type { TopicSettings } from '../../src/env/kafka.ts';

/**
 * Kafka's defaults of the settings of topics (Kafka documentation, "Topic Configs"), as far as they matter
 * here.
 */
const defaults: TopicSettings = {
  'cleanup.policy': 'delete',
  'compression.type': 'producer',
  'delete.retention.ms': '86400000',
  'file.delete.delay.ms': '60000',
  'flush.messages': '9223372036854775807',
  'flush.ms': '9223372036854775807',
  'index.interval.bytes': '4096',
  'max.message.bytes': '1048588',
  'message.timestamp.after.max.ms': '3600000',
  'message.timestamp.before.max.ms': '9223372036854775807',
  'message.timestamp.type': 'CreateTime',
  'min.cleanable.dirty.ratio': '0.5',
  'min.insync.replicas': '1',
  preallocate: 'false',
  'retention.bytes': '-1',
  'retention.ms': '604800000',
  'segment.bytes': '1073741824',
  'segment.index.bytes': '10485760',
  'segment.jitter.ms': '0',
  'segment.ms': '604800000',
  'unclean.leader.election.enable': 'false',
};

/** What each setting may be, where not any number. */
const allowed: Readonly<Record<string, RegExp>> = {
  'cleanup.policy': /^(delete|compact|compact,delete|delete,compact|)$/,
  'compression.type': /^(producer|uncompressed|gzip|snappy|lz4|zstd)$/,
  'message.timestamp.type': /^(CreateTime|LogAppendTime)$/,
  'min.cleanable.dirty.ratio': /^(0(\.\d+)?|1(\.0+)?)$/,
  'min.insync.replicas': /^[1-9]\d*$/,
  preallocate: /^(true|false)$/,
  'retention.bytes': /^(-1|\d+)$/,
  'retention.ms': /^(-1|\d+)$/,
  'segment.ms': /^[1-9]\d*$/,
  'unclean.leader.election.enable': /^(true|false)$/,
};

/** Whether brokers take these settings. Kafka has `segment.bytes` at least 1 MiB (KIP-1030). */
export function areAllowed(settings: TopicSettings): boolean {
  return Object.entries(settings).every(([name, value]) => {
    if (!(name in defaults) || !(allowed[name] ?? /^\d+$/).test(value)) return false;
    return name !== 'segment.bytes' || Number(value) >= 1024 * 1024;
  });
}

/** All settings in force. */
export function settingsInForce(settings: TopicSettings): TopicSettings {
  return { ...defaults, ...settings };
}

/** The settings that brokers look at, as what they are. */
export type TopicRules = {
  readonly deletes: boolean;
  readonly messageBytesMax: number;
  readonly stampsAppends: boolean;
  readonly aheadMsMax: number;
  readonly inSyncMin: number;
  /** Undefined for ever. */
  readonly retentionMs: number | undefined;
  readonly segment: { readonly bytes: number; readonly ms: number };
  readonly electsUnclean: boolean;
};

export function rulesOf(settings: TopicSettings): TopicRules {
  const inForce = settingsInForce(settings);
  const number = (name: string) => Number(inForce[name]);
  return {
    deletes: inForce['cleanup.policy']!.split(',').includes('delete'),
    messageBytesMax: number('max.message.bytes'),
    stampsAppends: inForce['message.timestamp.type'] === 'LogAppendTime',
    aheadMsMax: number('message.timestamp.after.max.ms'),
    inSyncMin: number('min.insync.replicas'),
    retentionMs: inForce['retention.ms'] === '-1' ? undefined : number('retention.ms'),
    segment: { bytes: number('segment.bytes'), ms: number('segment.ms') },
    electsUnclean: inForce['unclean.leader.election.enable'] === 'true',
  };
}
