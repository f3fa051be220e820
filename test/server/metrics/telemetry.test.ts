import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  type BatchObservableCallback,
  createNoopMeter,
  type Meter,
  metrics,
  type Observable,
  type ObservableResult,
} from '@opentelemetry/api';
import { startTestServer } from '../../../src/server/testing.ts';

/** What a program gives to OpenTelemetry: it collects when the test says so. */
class Collector {
  readonly kinds = new Map<string, string>();
  readonly #instruments = new Map<Observable, string>();
  readonly #callbacks = new Set<BatchObservableCallback>();

  getMeter(): Meter {
    const made = (kind: string) => (name: string) => {
      const instrument = { addCallback() {}, removeCallback() {} };
      this.kinds.set(name, kind);
      this.#instruments.set(instrument, name);
      return instrument;
    };
    return {
      ...createNoopMeter(),
      createObservableCounter: made('counter'),
      createObservableGauge: made('gauge'),
      addBatchObservableCallback: (callback) => this.#callbacks.add(callback),
      removeBatchObservableCallback: (callback) => this.#callbacks.delete(callback),
    };
  }

  get isAsked(): boolean {
    return this.#callbacks.size > 0;
  }

  /** By the name and the attributes: `millrace_healthy {}`. */
  async collect(): Promise<ReadonlyMap<string, number>> {
    const told = new Map<string, number>();
    const observe = (
      instrument: Observable,
      ...[value, attributes]: Parameters<ObservableResult['observe']>
    ) => told.set(`${this.#instruments.get(instrument)} ${JSON.stringify(attributes)}`, value);
    for (const callback of this.#callbacks) await callback({ observe });
    return told;
  }
}

const collector = new Collector();
metrics.setGlobalMeterProvider(collector);
after(() => metrics.disable());

/** Resolves when the server has found OpenTelemetry, or has let go of it. */
async function untilAsked(isAsked: boolean): Promise<void> {
  while (collector.isAsked !== isAsked) await new Promise((resolve) => setImmediate(resolve));
}

test('a program that brings OpenTelemetry is told what /metrics shows, for as long as the server runs', async () => {
  await using server = await startTestServer({ port: 0 });
  await untilAsked(true);
  const told = await collector.collect();
  const page = await (await fetch(`${server.url}/metrics`)).text();
  assert.equal(told.get('millrace_healthy {}'), 1);
  assert.equal(told.get('millrace_streams {}'), 0);
  assert.ok(told.has('millrace_journal_commits {"journal":"catalog"}'));
  // What OpenTelemetry's exporter for Prometheus makes of these names.
  for (const name of new Set([...told.keys()].map((key) => key.split(' ')[0]!))) {
    const shown =
      collector.kinds.get(name) === 'counter' && !/_(bucket|sum|count)$/.test(name) ? `${name}_total` : name;
    assert.match(page, new RegExp(`^${shown}[ {]`, 'm'));
  }
  await server.close();
  await untilAsked(false);
});
