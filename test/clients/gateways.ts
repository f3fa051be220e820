import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Balancer, startBalancer } from './balancer.ts';
import { CommandServer } from './command-server.ts';
import { sharedBrokers } from './shared-brokers.ts';

/** Servers of one cluster on Kafka, by `npm start` each, and one address for all of them. */
export type Gateways = AsyncDisposable & {
  /** Where each call comes to another server. */
  readonly url: string;
  /** The servers' own. The first of them has the duties of the cluster as long as it lives. */
  readonly urls: readonly string[];
  /** kill -9 of the first. */
  readonly kill: () => Promise<void>;
  /** Afterwards: on the same port. Resolves when it listens. */
  readonly restart: () => Promise<void>;
};

/** `flags` are for all of them, on the command line; what they write is in `directory`. */
export async function startGateways(
  count: number,
  directory: string,
  flags: readonly string[],
): Promise<Gateways> {
  const brokers = await sharedBrokers();
  await using opened = new AsyncDisposableStack();
  const rootKey = join(directory, 'root-key');
  writeFileSync(rootKey, randomBytes(32).toString('hex'), { mode: 0o600 });
  const cluster = randomUUID();
  const shared = [
    ...['--engine', 'kafka', '--brokers', brokers, '--cluster', cluster, '--root-key', `file:${rootKey}`],
    ...flags,
  ];
  const servers: CommandServer[] = [];
  // One after the other: whoever is alone takes the duties up.
  for (let number = 1; number <= count; number++) {
    const own = ['--rack', `az${number}`, '--data', join(directory, `data-${number}`)];
    servers.push(opened.use(await CommandServer.start([...shared, ...own])));
  }
  const balancer: Balancer = opened.use(
    await startBalancer(servers.map(({ url }) => Number(new URL(url).port))),
  );
  const [first] = servers;
  const all = opened.move();
  return {
    url: balancer.url,
    urls: servers.map(({ url }) => url),
    kill: () => first!.kill(),
    restart: () => first!.restart(),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
