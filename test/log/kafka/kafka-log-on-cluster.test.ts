import { openKafkaLog } from '../../../src/log/kafka/kafka-log.ts';
import type { Engine } from '../../../src/log/log.ts';
import { alteredEngine } from '../altered-engine.ts';
import { durableEngineContract, engineContract } from '../contract.ts';
import { TestClock } from '../world.ts';
import { AgreedPlaces, MemoryPlaces } from './memory-places.ts';
import { OnFakeCluster } from './on-fake-cluster.ts';

/** A gateway on a fake cluster, both gone once it is closed; `reopen` begins another life of the gateway. */
async function start() {
  const clock = new TestClock();
  const world = new OnFakeCluster(1, clock);
  const agreed = new AgreedPlaces();
  const open = async (): Promise<Engine> => {
    const client = await world.client();
    agreed.gateways.clear();
    return openKafkaLog({
      client,
      places: new MemoryPlaces(agreed, client),
      clock: world.clock,
      cluster: 'test',
    });
  };
  const closing = (engine: Engine) =>
    alteredEngine(engine, {
      async close() {
        await engine.close();
        await world[Symbol.asyncDispose]();
      },
    });
  const engine = await open();
  return { clock, engine, open, closing };
}

engineContract('the engine on Kafka, with its client', async () => {
  const { clock, engine, closing } = await start();
  return { clock, engine: closing(engine), hasManyClocks: true };
});

durableEngineContract('the engine on Kafka, with its client', async () => {
  const { clock, engine, open, closing } = await start();
  return { clock, engine, reopen: async () => closing(await open()), hasManyClocks: true };
});
