import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import { version } from '../version.ts';
import { families } from './families.ts';
import type { Family, Sample } from './family.ts';
import { type FiguresWorld, gatherFigures } from './figures.ts';

/**
 * Tells OpenTelemetry what /metrics shows: observable instruments of the same names, without the `_total`
 * that exporters add, and with the same attributes. A histogram is told as three counters, since there is
 * none that is observed. All is gathered once for each collection. Answers what ends it.
 */
export function tellTelemetry(
  meterOf: (name: string, version: string) => Meter,
  world: FiguresWorld,
): () => void {
  const meter = meterOf('millrace', version);
  const told = families.map((family) => toldBy(meter, family));
  const instruments = told.flatMap(({ observables }) => observables);
  const observe = async (result: BatchObservableResult) => {
    const figures = await gatherFigures(world);
    for (const { family, tell } of told) for (const sample of family.samples(figures)) tell(result, sample);
  };
  meter.addBatchObservableCallback(observe, instruments);
  return () => meter.removeBatchObservableCallback(observe, instruments);
}

type Told = {
  readonly family: Family;
  readonly observables: Observable[];
  readonly tell: (result: BatchObservableResult, sample: Sample) => void;
};

function toldBy(meter: Meter, family: Family): Told {
  const { kind, help: description } = family;
  const name = family.name.replace(/_total$/, '');
  const unit = /_seconds$/.test(name) ? 's' : /_bytes(_in|_out)?$/.test(name) ? 'By' : '1';
  if (kind === 'histogram') return toldDistribution(meter, family);
  const instrument =
    kind === 'counter'
      ? meter.createObservableCounter(name, { description, unit })
      : meter.createObservableGauge(name, { description, unit });
  return {
    ...{ family, observables: [instrument] },
    tell(result, sample) {
      if ('value' in sample) result.observe(instrument, sample.value, sample.labels.values);
    },
  };
}

function toldDistribution(meter: Meter, family: Family): Told {
  const { name, help: description } = family;
  const buckets = meter.createObservableCounter(`${name}_bucket`, { description });
  const sum = meter.createObservableCounter(`${name}_sum`, { description, unit: 's' });
  const count = meter.createObservableCounter(`${name}_count`, { description });
  return {
    ...{ family, observables: [buckets, sum, count] },
    tell(result, sample) {
      if ('value' in sample) return;
      const { values } = sample.labels;
      let below = 0;
      sample.counts.forEach((more, index) => {
        below += more;
        result.observe(buckets, below, { ...values, le: String(sample.ends[index] ?? '+Inf') });
      });
      result.observe(sum, sample.sum, values);
      result.observe(count, below, values);
    },
  };
}
