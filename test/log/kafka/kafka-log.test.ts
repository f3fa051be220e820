import { openKafkaLog } from '../../../src/log/kafka/kafka-log.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';
import { durableEngineContract, engineContract } from '../contract.ts';
import { TestClock } from '../world.ts';
import { MemoryClient, MemoryKafka } from './memory-client.ts';
import { AgreedPlaces, MemoryPlaces } from './memory-places.ts';

/** A cluster in memory, and a gateway on it; `reopen` begins another life of the gateway. */
async function start() {
  const clock = new TestClock();
  const kafka = new MemoryKafka(clock);
  const agreed = new AgreedPlaces();
  const reopen = async () => {
    const client = new MemoryClient(kafka);
    agreed.gateways.clear();
    const places = new MemoryPlaces(agreed, client);
    return openKafkaLog({ client, places, clock: new ManualClock(), cluster: 'test' });
  };
  return { clock, engine: await reopen(), reopen, hasManyClocks: true };
}

engineContract('the engine on Kafka', start);
durableEngineContract('the engine on Kafka', start);
