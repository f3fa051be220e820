import type { Millis } from '../../../env/clock.ts';
import { CountedMetrics, type CountedMetricsParts } from '../../../stream/metrics/counted-metrics.ts';
import type { MetricName } from '../../../stream/metrics/metric-port.ts';
import type { EventCount, InvocationFacts, MappingMetrics, MappingName } from './mapping-metrics.ts';

/** Counts as AWS names it (Lambda developer guide, "Types of metrics for Lambda functions"). */
export class LambdaMetrics implements MappingMetrics {
  readonly #counted: CountedMetrics;

  constructor(parts: CountedMetricsParts) {
    this.#counted = new CountedMetrics('AWS/Lambda', parts);
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
    await this.#counted.close();
  }

  /** AWS has a zero for each call that was not throttled, and for each that succeeded. */
  #addInvocation(how: InvocationFacts, dimensions: MetricName['dimensions']): void {
    const { throttled, failed, took, concurrent } = how;
    this.#add(how, 'Throttles', 'Count', throttled ? 1 : 0, dimensions);
    if (concurrent !== undefined) this.#add(how, 'ConcurrentExecutions', 'Count', concurrent, dimensions);
    if (throttled) return;
    this.#add(how, 'Invocations', 'Count', 1, dimensions);
    this.#add(how, 'Errors', 'Count', failed ? 1 : 0, dimensions);
    this.#add(how, 'Duration', 'Milliseconds', took, dimensions);
  }

  #add(
    { account, region }: Pick<MetricName, 'account' | 'region'>,
    name: string,
    unit: MetricName['unit'],
    value: number,
    dimensions: MetricName['dimensions'],
  ): void {
    this.#counted.add({ account, region, name, unit, dimensions }, value);
  }
}

function byFunction(name: string): MetricName['dimensions'] {
  return [{ name: 'FunctionName', value: name }];
}

function byMapping({ uuid }: MappingName): MetricName['dimensions'] {
  return [{ name: 'EventSourceMappingUUID', value: uuid }];
}
