import type { Clock, Millis } from '../../../env/clock.ts';
import { detached, unthinkable } from '../../../env/detached.ts';
import type { Logger } from '../../../env/logger.ts';
import type {
  CountedMetric,
  EventCount,
  InvocationFacts,
  MappingMetrics,
  MappingName,
  MetricPort,
} from './mapping-metrics.ts';
import { type Counted, MinuteValues } from './minute-values.ts';

type CountedMetricsParts = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly port: MetricPort;
};

/**
 * Adds up what is counted, in memory, and puts it into CloudWatch once a minute as AWS names it (Lambda
 * developer guide, "Types of metrics for Lambda functions"), minutes that nothing was counted in not at all.
 * There is no timer while nothing waits. What cannot be put is logged, and lost; so is what was counted since
 * the last minute when the process dies.
 */
export class CountedMetrics implements MappingMetrics {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #port: MetricPort;
  readonly #closed = new AbortController();
  #values = new MinuteValues();
  #putting: Promise<void> | undefined;

  constructor({ clock, logger, port }: CountedMetricsParts) {
    this.#clock = clock;
    this.#logger = logger;
    this.#port = port;
  }

  count(mapping: MappingName, metric: EventCount, records: number): void {
    this.#add(mapping, metric, 'Count', records, byMapping(mapping));
  }

  iteratorAge(mapping: MappingName, age: Millis, shardId?: string): void {
    this.#add(mapping, 'IteratorAge', 'Milliseconds', age, byFunction(mapping.functionName));
    this.#add(mapping, 'IteratorAge', 'Milliseconds', age, byMapping(mapping));
    if (shardId === undefined) return;
    const ofShard = [...byMapping(mapping), { name: 'ShardId', value: shardId }];
    this.#add(mapping, 'IteratorAge', 'Milliseconds', age, ofShard);
  }

  invoked(functionName: string, how: InvocationFacts): void {
    this.#addInvocation(how, byFunction(functionName));
    if (how.qualifier === undefined) return;
    const resource = { name: 'Resource', value: `${functionName}:${how.qualifier}` };
    this.#addInvocation(how, [...byFunction(functionName), resource]);
  }

  /** Puts what waits. To be called when nothing is counted any more. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#putting;
  }

  /** AWS has a zero for each call that was not throttled, and for each that succeeded. */
  #addInvocation(how: InvocationFacts, dimensions: CountedMetric['dimensions']): void {
    const { throttled, failed, took, concurrent } = how;
    this.#add(how, 'Throttles', 'Count', throttled ? 1 : 0, dimensions);
    if (concurrent !== undefined) this.#add(how, 'ConcurrentExecutions', 'Count', concurrent, dimensions);
    if (throttled) return;
    this.#add(how, 'Invocations', 'Count', 1, dimensions);
    this.#add(how, 'Errors', 'Count', failed ? 1 : 0, dimensions);
    this.#add(how, 'Duration', 'Milliseconds', took, dimensions);
  }

  #add(
    { account, region }: Pick<Counted, 'account' | 'region'>,
    name: string,
    unit: Counted['unit'],
    value: number,
    dimensions: Counted['dimensions'],
  ): void {
    const time = Math.floor(this.#clock.now() / minuteMs) * minuteMs;
    this.#values.add({ account, region, name, unit, dimensions, time }, value);
    if (this.#putting === undefined) {
      this.#putting = this.#putAll();
      detached(this.#putting, unthinkable);
    }
  }

  async #putAll(): Promise<void> {
    while (this.#values.size > 0) {
      await this.#clock.sleep(minuteMs, this.#closed.signal);
      const values = this.#values;
      this.#values = new MinuteValues();
      await this.#put(values);
    }
    this.#putting = undefined;
  }

  async #put(values: MinuteValues): Promise<void> {
    try {
      await this.#port.put(namespace, values.all());
    } catch (error) {
      this.#logger.warn('Metrics of Lambda could not be put.', { error });
    }
  }
}

const namespace = 'AWS/Lambda';
const minuteMs: Millis = 60_000;

function byFunction(name: string): Counted['dimensions'] {
  return [{ name: 'FunctionName', value: name }];
}

function byMapping({ uuid }: MappingName): Counted['dimensions'] {
  return [{ name: 'EventSourceMappingUUID', value: uuid }];
}
