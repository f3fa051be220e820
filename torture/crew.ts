import { runCounterClient } from '../harness/counter-client.ts';
import { runLeaseWorker } from '../harness/lease-worker.ts';
import { runOwner } from '../harness/owner.ts';
import { runReader } from '../harness/reader.ts';
import { dynamodb, type SignedService } from '../harness/signer.ts';
import { runSubscriber } from '../harness/subscriber.ts';
import { repeat, type Work } from '../harness/workload.ts';
import { runWriter } from '../harness/writer.ts';

/** Clients that are at work together, each with the service that it asks: Kinesis unless it says. */
export type Crew = readonly {
  readonly name: string;
  readonly run: (work: Work) => Promise<void>;
  readonly service?: SignedService;
  /** How long it waits for an answer, if it shall not wait as long as clients do. */
  readonly patienceMs?: number;
}[];

const writers = ['1', '2', '3', '4'].map((number) => ({ name: `writer ${number}`, run: runWriter }));

/**
 * The clients of the simulation: they create, reshard, tag and delete streams, write to them and read them,
 * share leases and add to counters.
 */
export const allClients: Crew = [
  ...['orders', 'clicks', 'events'].map((name) => {
    return { name: `owner of ${name}`, run: (work: Work) => runOwner(work, name) };
  }),
  ...writers,
  ...['1', '2'].map((number) => ({ name: `reader ${number}`, run: runReader })),
  { name: 'subscriber', run: runSubscriber },
  ...['worker 1', 'worker 2', 'worker 3'].map((name) => ({ name, run: runLeaseWorker, service: dynamodb })),
  ...['counter 1', 'counter 2'].map((name) => ({ name, run: runCounterClient, service: dynamodb })),
];

/** Clients that ask for nothing but what every server can. */
export const writersOnly: Crew = [{ name: 'creator', run: create }, ...writers];

async function create(work: Work): Promise<void> {
  await repeat(work, 1_000, async () => {
    if (work.model.streams.length > 0) return;
    const input = { StreamName: 'orders', ShardCount: 4 };
    const answer = await work.client.call('CreateStream', input);
    if (answer.kind === 'output') work.model.stream('orders').created = work.model.moment();
  });
}
