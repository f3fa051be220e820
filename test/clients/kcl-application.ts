import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { ConsumerProcess, untilAll, untilProcessed } from './consumer-process.ts';
import { type GuardedServer, startGuardedServer } from './guarded-server.ts';
import { type JavaClasses, quickStart } from './java-classes.ts';
import { createStream, type Produced, parentsIn, produce } from './known-records.ts';
import { type Processed, processed, processedText } from './processed.ts';

/** A program that is one worker of an application of the KCL. It is told what to do in Java's properties. */
export type KclProgram = { readonly folder: URL; readonly classes: JavaClasses; readonly main: string };

export type KclApplicationOptions = {
  readonly shards?: number;
  /** Java's, of all workers. */
  readonly properties: (server: GuardedServer) => Readonly<Record<string, string>>;
  /** Of the JVM, in place of those for a quick start. */
  readonly flags?: readonly string[];
  /** More than the server's own. */
  readonly environment?: (server: GuardedServer) => NodeJS.ProcessEnv;
};

export const streamName = 'orders';
export const applicationName = 'billing';

/** A server, a stream, and an application's workers on it. All of it ends with it. */
export class KclApplication implements AsyncDisposable {
  readonly server: GuardedServer;
  /** Patient: a server that was killed is there again in seconds. */
  readonly client: KinesisClient;
  readonly dynamodb: DynamoDBClient;
  readonly cloudwatch: CloudWatchClient;
  readonly workers: ConsumerProcess[] = [];
  readonly #program: KclProgram;
  readonly #options: KclApplicationOptions;
  readonly #classPath: string;

  static async start(program: KclProgram, options: KclApplicationOptions): Promise<KclApplication> {
    const classPath = await program.classes.classPath();
    const server = await startGuardedServer();
    const application = new KclApplication(program, options, classPath, server);
    await createStream(application.client, streamName, options.shards ?? 4);
    return application;
  }

  private constructor(
    program: KclProgram,
    options: KclApplicationOptions,
    classPath: string,
    server: GuardedServer,
  ) {
    this.#program = program;
    this.#options = options;
    this.#classPath = classPath;
    this.server = server;
    const { url: endpoint, region, credentials } = server;
    const config = { endpoint, region, credentials, maxAttempts: 30 };
    this.client = new KinesisClient(config);
    this.dynamodb = new DynamoDBClient(config);
    this.cloudwatch = new CloudWatchClient(config);
  }

  /** Starts one. */
  worker(
    name: string,
    more: Readonly<Record<string, string>> = {},
    variables: NodeJS.ProcessEnv = {},
  ): ConsumerProcess {
    const { folder, main } = this.#program;
    const { properties, environment, flags = quickStart } = this.#options;
    const own = { application: applicationName, stream: streamName, worker: name };
    const all = { ...own, ...properties(this.server), ...more };
    const settings = Object.entries(all).map(([key, value]) => `-D${key}=${value}`);
    const worker = new ConsumerProcess({
      command: ['java', '-Xmx256m', ...flags, ...settings, '-cp', this.#classPath, main],
      folder,
      environment: { ...this.server.environment, ...environment?.(this.server), ...variables },
    });
    this.workers.push(worker);
    return worker;
  }

  /**
   * Puts known records, has the stream split and merged meanwhile, and something be done in between, when
   * half of them are put.
   */
  produce(records: number, perSecond: number, halfway?: () => Promise<unknown>): Promise<Produced> {
    const plan = { streamName, records, perSecond, reshard: true };
    if (halfway === undefined) return produce(this.client, plan);
    return produce(this.client, { ...plan, meanwhile: { after: records / 2, run: halfway } });
  }

  /** kill -9 of the worker that has the most shards. */
  async killBusiest(): Promise<void> {
    const count = (worker: ConsumerProcess) => heldBy(worker).length;
    const busiest = this.workers.reduce((most, each) => (count(each) > count(most) ? each : most));
    if (count(busiest) === 0) throw new Error('no worker has a shard');
    await busiest.kill();
  }

  /** Resolves once the workers have begun with so many shards between them. */
  async begun(shards: number): Promise<void> {
    const count = () => new Set(this.workers.flatMap(begunBy)).size;
    await untilAll(this.workers, () => count() >= shards, `${shards} shards are begun`);
  }

  /** Resolves once the workers have processed every record between them. */
  processed(produced: Produced): Promise<void> {
    return untilProcessed(this.workers, produced);
  }

  /** Waits for every record, asks the workers to end, and demands what is demanded of all of them. */
  async finish(produced: Produced, mayComeAgain: boolean): Promise<Processed & { readonly text: string }> {
    await this.processed(produced);
    const parents = await parentsIn(this.client, streamName);
    await Promise.all(this.workers.map((worker) => worker.stop()));
    const heard = this.workers.map((worker) => worker.heard);
    const found = processed(heard, { produced, parents, mayComeAgain });
    return { ...found, text: processedText(found, produced) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.kill()));
    for (const client of [this.client, this.dynamodb, this.cloudwatch]) client.destroy();
    await this.server[Symbol.asyncDispose]();
  }
}

/** The shards that a worker has ever begun with. */
export function begunBy({ heard }: ConsumerProcess): string[] {
  return heard.flatMap((each) => (each.what === 'begin' ? [each.shard] : []));
}

/** Those that it has now. */
export function heldBy({ heard }: ConsumerProcess): string[] {
  const held = new Set<string>();
  for (const each of heard) {
    if (each.what === 'begin') held.add(each.shard);
    else if (each.what !== 'record') held.delete(each.shard);
  }
  return [...held];
}
