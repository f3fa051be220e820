import type { Env } from '../env/env.ts';
import { KafkaError } from '../env/kafka.ts';
import { uuid } from '../env/random.ts';
import { StartError } from '../env/start-error.ts';
import { hostAndPortIn } from '../http/places.ts';
import type { KafkaClient } from '../log/kafka/client.ts';
import { openKafkaClient } from '../log/kafka/kafka-client.ts';
import { openTopicEngine } from '../log/kafka/topic-engine.ts';
import { TopicGuard } from '../log/kafka/topic-guard.ts';
import { type Engine, UnavailableError } from '../log/log.ts';
import { joinWithDirectory } from './cluster-directory.ts';
import { kafkaSettingsOf } from './kafka-access.ts';
import type { ServerOptions } from './options.ts';
import { lockDirectory } from './storage.ts';

/** What a server on Kafka has before it is one of its cluster. The journals are in `control`. */
export interface KafkaStorage extends AsyncDisposable {
  readonly client: KafkaClient;
  readonly guard: TopicGuard;
  readonly control: Engine;
  readonly services: Engine;
}

/**
 * Connects to the brokers. The data directory, which has what is this server's alone, belongs to it until the
 * storage is let go. Rejects with `StartError` when brokers cannot be reached or refuse who this is.
 */
export async function openKafkaStorage(options: ServerOptions, env: Env): Promise<KafkaStorage> {
  await using opened = new AsyncDisposableStack();
  const lock = await lockDirectory(options.data, env);
  opened.defer(() => lock.release());
  await joinWithDirectory(options, env.disk);
  const { clock, logger, random } = env;
  const client = opened.use(await connected(options, env));
  const guard = opened.use(new TopicGuard({ client, clock, logger }, { replicationMin: replication }));
  const writer = uuid(random);
  const engineOn = (part: string) => {
    const prefix = `millrace.${options.cluster}.${part}`;
    const engine = openTopicEngine({ client, clock, guard }, { prefix, replication, writer });
    opened.defer(() => engine.close());
    return engine;
  };
  const [control, services] = [engineOn('control'), engineOn('services')];
  const all = opened.move();
  return { client, guard, control, services, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Two more zones have what is acknowledged. */
const replication = 3;

async function connected(options: ServerOptions, env: Env): Promise<KafkaClient> {
  const { clock, logger } = env;
  const { brokers, rack = '' } = options;
  const bootstrap = brokers!.split(',').map((text) => hostAndPortIn(text)!);
  const kafka = await env.kafka(await kafkaSettingsOf(options));
  try {
    return await openKafkaClient({ kafka, bootstrap, rack, clock, logger });
  } catch (error) {
    if (error instanceof UnavailableError) {
      throw new StartError(`the brokers ${brokers} cannot be reached: ${error.message}`, { cause: error });
    }
    if (!(error instanceof KafkaError)) throw error;
    throw new StartError(`the brokers ${brokers} do not let this server in: ${error.message}`, {
      cause: error,
    });
  }
}
