import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BenchDelivery, bucket, deliveringMillrace, type FlightForm } from '../delivery/bench-delivery.ts';
import { Flights } from '../delivery/flights.ts';
import { MotoStore } from '../delivery/moto-store.ts';
import { streamName } from '../load.ts';
import type { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenarios.ts';
import type { Turn } from '../turn.ts';
import { put } from './put.ts';
import { putInPairs } from './put-beside.ts';

/** Flights that wait in a stream into objects of lines of JSON, compressed with gzip. */
export const deliveryText: Scenario = {
  name: 'delivery-text',
  group: 'delivery',
  measure: (turn) => measureBacklog(turn, { kind: 'gzip', chunkMiB: 16 }),
};

/** The same into objects of Parquet, with Snappy. */
export const deliveryParquet: Scenario = {
  name: 'delivery-parquet',
  group: 'delivery',
  measure: (turn) => measureBacklog(turn, { kind: 'parquet', chunkMiB: 64 }),
};

async function measureBacklog(turn: Turn, form: FlightForm): Promise<void> {
  const intoDirectory = await deliverBacklog(turn, form, directoryOf);
  await using store = await MotoStore.start(turn.workshop, bucket);
  const toStore = store && (await deliverBacklog(turn, form, () => store.url));
  turn.note({
    directoryMegabytes: intoDirectory.megabytes / intoDirectory.seconds,
    directoryMegabytesPerCpu: intoDirectory.megabytes / intoDirectory.cpuSeconds,
    ...(toStore && {
      storeMegabytes: toStore.megabytes / toStore.seconds,
      storeMegabytesPerCpu: toStore.megabytes / toStore.cpuSeconds,
    }),
  });
}

/** What was put while the server knew no store, from when it is started with one. */
async function deliverBacklog(turn: Turn, form: FlightForm, storeOf: (server: RunningServer) => string) {
  await using server = await turn.start(4, { contender: deliveringMillrace });
  const delivery = await BenchDelivery.make(server, form);
  const chunkBytes = form.chunkMiB * 2 ** 20;
  const bytes = await Flights.read(streamName).put(server.port, 1.1 * chunkBytes * chunksOf(turn, form));
  await server.stop();
  await server.startWith(['--s3', storeOf(server)]);
  // The last chunk is not full, and waits for more.
  return await delivery.watch(bytes - 1.1 * chunkBytes);
}

/** About 500 MB. */
function chunksOf({ options }: Turn, { chunkMiB }: FlightForm): number {
  return options.seconds < 1 ? 2 : Math.max(4, Math.round((options.seconds * 120) / chunkMiB));
}

function directoryOf({ directory }: RunningServer): string {
  const folder = join(directory, 'objects');
  mkdirSync(join(folder, bucket), { recursive: true });
  return `file://${folder}`;
}

/**
 * PutRecords with and without a delivery beside of 5 MB/s of flights, as much as AWS lets a delivery stream
 * have, in pairs on one server; and with and without a delivery of the very records that are put.
 */
export const deliveryBeside: Scenario = {
  name: 'delivery-beside',
  group: 'delivery',
  async measure(turn) {
    await using server = await turn.start(4, { contender: deliveringMillrace });
    await server.createStreams([flightStream], { ShardCount: 1 });
    await server.stop();
    await server.startWith(['--s3', directoryOf(server)]);
    const flights = Flights.read(flightStream);
    const { seconds, warmSeconds } = turn.options;
    const bytes = (seconds + warmSeconds) * flightBytesPerSecond;
    const beside = await putInPairs(turn, async (isBeside) => {
      if (!isBeside) return await megabytesPut(turn, server);
      const delivery = await BenchDelivery.make(server, { kind: 'gzip', chunkMiB: 1 }, flightStream);
      const flying = flights.put(server.port, bytes, flightBytesPerSecond);
      const megabytes = await megabytesPut(turn, server);
      await flying;
      await delivery.remove();
      return megabytes;
    });
    const own = await putInPairs(turn, async (isBeside) => {
      if (!isBeside) return await megabytesPut(turn, server);
      const delivery = await BenchDelivery.make(server, { kind: 'gzip', chunkMiB: 16 });
      const megabytes = await megabytesPut(turn, server);
      await delivery.remove();
      return megabytes;
    });
    turn.note({ ...beside, ownMegabytes: own.besideMegabytes, ownShare: own.besideShare });
  },
};

const flightStream = 'flights';
/** Data Firehose developer guide, "Quota": 5 MiB/s in the largest regions. */
const flightBytesPerSecond = 5 * 2 ** 20;

async function megabytesPut(turn: Turn, server: RunningServer): Promise<number> {
  const { bytes, seconds } = await put(turn, server, {});
  return bytes / 1e6 / seconds;
}

/** The most memory that a server has while it delivers flights, over what it has at rest and its buffers. */
export const deliveryMemory: Scenario = {
  name: 'delivery-memory',
  group: 'delivery',
  rounds: () => 1,
  async measure(turn) {
    const grown = async (form: FlightForm) => {
      const emptyMegabytes = await restingMegabytes(turn);
      const { residentMax } = await deliverBacklog(turn, form, directoryOf);
      return residentMax / 1e6 - emptyMegabytes - (form.chunkMiB * 2 ** 20) / 1e6;
    };
    turn.note({
      textOverMegabytes: await grown({ kind: 'text', chunkMiB: 64 }),
      gzipOverMegabytes: await grown({ kind: 'gzip', chunkMiB: 64 }),
      parquetOverMegabytes: await grown({ kind: 'parquet', chunkMiB: 64 }),
    });
  },
};

async function restingMegabytes(turn: Turn): Promise<number> {
  await using server = await turn.start(4, { contender: deliveringMillrace });
  return server.residentMegabytes();
}
