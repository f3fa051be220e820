import { FakeCluster } from '../../harness/kafka/cluster.ts';
import { timelineOf } from '../../harness/kafka/timeline.ts';
import { SeededRandom } from '../../harness/random.ts';
import type { Clock } from '../../src/env/clock.ts';
import { silentLogger } from '../../src/env/logger.ts';
import type { KafkaClient } from '../../src/log/kafka/client.ts';
import { openKafkaClient } from '../../src/log/kafka/kafka-client.ts';
import { openKafkaLog } from '../../src/log/kafka/kafka-log.ts';
import { openTopicEngine } from '../../src/log/kafka/topic-engine.ts';
import { TopicGuard } from '../../src/log/kafka/topic-guard.ts';
import type { Engine } from '../../src/log/log.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { inItsTime, isOnKafka } from '../services/kinesis/engine-under-test.ts';
import { ManualClock, settled } from '../services/kinesis/manual-clock.ts';
import { AgreedPlaces, MemoryPlaces } from './kafka/memory-places.ts';

/**
 * An empty engine for streams' records, in memory or on a fake cluster, whose arrival times are those of a
 * clock.
 */
export function recordsUnderTest(clock: Clock): Engine {
  if (!isOnKafka) return openMemoryLog(clock);
  return onMachines(clock, async (client, machines) => {
    const places = new MemoryPlaces(new AgreedPlaces(), client);
    return openKafkaLog({ client, places, clock: machines, cluster: 'test' });
  });
}

/** The same for logs of one shard each. */
export function journalsUnderTest(clock: Clock): Engine {
  if (!isOnKafka) return openMemoryLog(clock);
  return onMachines(clock, async (client, machines) => {
    const guard = new TopicGuard({ client, clock: machines, logger: silentLogger }, { replicationMin: 3 });
    const names = { prefix: 'millrace.test.control', replication: 3, writer: 'under test' };
    return openTopicEngine({ client, clock: machines, guard }, names);
  });
}

/**
 * Brokers, and a client of them, in a time of their own that passes while the engine is asked. The time of a
 * clock under test is what they see on the wall, and it goes on only when nothing is asked.
 */
function onMachines(clock: Clock, open: (client: KafkaClient, machines: Clock) => Promise<Engine>): Engine {
  const own = new ManualClock();
  const machines: Clock = {
    now: () => clock.now(),
    monotonic: () => own.monotonic(),
    turn: () => own.turn(),
    sleep: (delay, signal) => own.sleep(delay, signal),
  };
  const cluster = new FakeCluster({ timeline: timelineOf(own), wall: clock, random: new SeededRandom(1) });
  const asked = { kafka: cluster.client(), bootstrap: cluster.addresses, rack: 'az1' };
  const calls = new Calls(own);
  let opened: Promise<Engine> | undefined;
  const engine = () => {
    const client = () => openKafkaClient({ ...asked, clock: machines, logger: silentLogger });
    opened ??= calls.made(client()).then((made) => open(made, machines));
    return opened;
  };
  if (clock instanceof ManualClock) clock.follow({ toTheirEnd: (passing) => calls.between(passing) });
  const call = <Answer>(work: (engine: Engine) => Promise<Answer>) => calls.made(engine().then(work));
  return {
    writer: 'under test',
    prepare: (stream, needs) => call((log) => log.prepare(stream, needs)),
    append: (key, batch) => call((log) => log.append(key, batch)),
    read: (key, request) => call((log) => log.read(key, request)),
    seek: (key, time) => call((log) => log.seek(key, time)),
    position: (key) => call((log) => log.position(key)),
    grown: async (key, past, signal) => (await engine()).grown(key, past, signal),
    seal: (key) => call((log) => log.seal(key)),
    trim: (key, before) => call((log) => log.trim(key, before)),
    drop: (stream) => call((log) => log.drop(stream)),
    close: () => call((log) => log.close()),
  };
}

/** Calls of an engine. Machines have time only while there are some. */
class Calls {
  readonly #machines: ManualClock;
  #underWay = 0;
  #begun = 0;

  constructor(machines: ManualClock) {
    this.#machines = machines;
  }

  async made<Answer>(call: Promise<Answer>): Promise<Answer> {
    this.#underWay += 1;
    this.#begun += 1;
    try {
      return await inItsTime(call, this.#machines);
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Does something between calls: none is under way, and what they lead to has begun. */
  async between(work: () => Promise<void>): Promise<void> {
    await this.#ended();
    await work();
    await this.#ended();
  }

  async #ended(): Promise<void> {
    for (let begun = -1, quiet = 0; quiet < quietTurns; begun = this.#begun) {
      await settled();
      quiet = this.#underWay === 0 && begun === this.#begun ? quiet + 1 : 0;
    }
  }
}

/** What follows from an answer is begun within so many turns of the event loop. */
const quietTurns = 5;
