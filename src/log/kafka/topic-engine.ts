import type { Clock } from '../../env/clock.ts';
import type { Logger } from '../../env/logger.ts';
import type { Engine } from '../log.ts';
import type { KafkaClient } from './client.ts';

/** What an engine on topics works with. The client stays the caller's. */
export type TopicEngineWorld = {
  readonly client: KafkaClient;
  readonly clock: Clock;
  readonly logger: Logger;
};

export type TopicEngineOptions = {
  /** How the names of its topics begin, without the last dot: `millrace.main.control`. */
  readonly prefix: string;
  /** Of the topics that it makes. */
  readonly replication: number;
  /** What names this process in the logs, and no other one ever. */
  readonly writer: string;
};

/**
 * An engine of which each stream is a topic with one partition, `<prefix>.<stream>`, and one more for records
 * too large for it, `<prefix>.<stream>.snapshots`. A stream has only the shard 0, which is never sealed.
 */
export function openTopicEngine(_world: TopicEngineWorld, _options: TopicEngineOptions): Engine {
  throw new Error('not yet');
}
