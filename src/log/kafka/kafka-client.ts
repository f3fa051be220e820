import type { Clock } from '../../env/clock.ts';
import type { BrokerAddress, Kafka } from '../../env/kafka.ts';
import type { Logger } from '../../env/logger.ts';
import type { Random } from '../../env/random.ts';
import type { KafkaClient } from './client.ts';

export type KafkaClientWorld = {
  readonly kafka: Kafka;
  /** Brokers to ask first who the brokers are. */
  readonly bootstrap: readonly BrokerAddress[];
  /** Where this process is: lagging readers read from a replica nearby. */
  readonly rack: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
};

/**
 * Connects to a cluster. Rejects with `UnavailableError` when none of the brokers answers, and with
 * `KafkaError` when they refuse who this is.
 */
export type OpenKafkaClient = (world: KafkaClientWorld) => Promise<KafkaClient>;
