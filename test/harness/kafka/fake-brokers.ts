import { type ClusterOptions, FakeCluster } from '../../../harness/kafka/cluster.ts';
import type { Weather } from '../../../harness/kafka/weather.ts';
import { SeededRandom } from '../../../harness/random.ts';
import { Scheduler } from '../../../sim/scheduler.ts';
import type { KafkaUnderTest } from '../../env/kafka/brokers-under-test.ts';

/** Brokers in a world of their own, whose time passes only while somebody waits for it. */
export function fakeBrokers(
  seed: number,
  weather: Partial<Weather> = {},
  options: Partial<ClusterOptions> = {},
): { readonly cluster: FakeCluster; readonly scheduler: Scheduler; readonly tested: KafkaUnderTest } {
  const scheduler = new Scheduler();
  const cluster = new FakeCluster({
    timeline: scheduler,
    wall: { now: () => 1_700_000_000_000 + scheduler.time },
    random: new SeededRandom(seed),
    ...options,
  });
  Object.assign(cluster.weather, weather);
  const tested: KafkaUnderTest = {
    kafka: cluster.client(),
    addresses: cluster.addresses,
    faults: {
      kill: (id) => cluster.kill(id),
      start: (id) => cluster.start(id),
      pause: (id) => cluster.pause(id),
      resume: (id) => cluster.resume(id),
    },
    play: (work) => scheduler.run(work()),
    sleep: (ms) => scheduler.sleep(ms),
    heal: async () => cluster.close(),
  };
  return { cluster, scheduler, tested };
}
