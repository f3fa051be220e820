import type { Caller } from '../../../access/caller.ts';
import type { TypeOf } from '../../../wire/shape.ts';
import { type Dimension, type MetricName, sortedDimensions } from '../metrics/metric.ts';
import type { Findings } from './findings.ts';
import type { dimension } from './shapes.ts';

/** The limits of names (CloudWatch API reference, Metric and Dimension). */
export const namespaceMax = 255;
const metricNameMax = 255;
const dimensionsMax = 30;
const dimensionNameMax = 255;
const dimensionValueMax = 1024;

type Asked = {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly TypeOf<typeof dimension>[];
};

/** The metric that a request names at a path; undefined when something is wrong with it. */
export function metricOf(
  asked: Asked,
  caller: Caller,
  findings: Findings,
  path: string,
): MetricName | undefined {
  const namespace = findings.text(`${path}Namespace`, asked.Namespace, namespaceMax);
  const metric = metricIn(namespace ?? '', asked, caller, findings, path);
  return namespace === undefined ? undefined : metric;
}

/** The same in a namespace that was looked at already. */
export function metricIn(
  namespace: string,
  { MetricName, Dimensions = [] }: Asked,
  { account, region }: Caller,
  findings: Findings,
  path: string,
): MetricName | undefined {
  const name = findings.text(`${path}MetricName`, MetricName, metricNameMax);
  const dimensions = dimensionsOf(Dimensions, findings, `${path}Dimensions`);
  if (name === undefined || dimensions === undefined) return undefined;
  return { account, region, namespace, name, dimensions };
}

/** Dimensions in the order of metrics; undefined when something is wrong with them. */
export function dimensionsOf(
  asked: readonly TypeOf<typeof dimension>[],
  findings: Findings,
  path: string,
): readonly Dimension[] | undefined {
  findings.list(path, asked, dimensionsMax);
  const found = asked.flatMap(
    (one, index) => dimensionOf(one, findings, `${path}.member.${index + 1}`) ?? [],
  );
  if (found.length !== asked.length) return undefined;
  if (new Set(found.map(({ name }) => name)).size < found.length) {
    findings.invalid('No Metric may specify the same dimension twice.');
  }
  return sortedDimensions(found);
}

function dimensionOf(
  asked: TypeOf<typeof dimension>,
  findings: Findings,
  path: string,
): Dimension | undefined {
  const name = findings.text(`${path}.Name`, asked.Name, dimensionNameMax);
  const value = findings.text(`${path}.Value`, asked.Value, dimensionValueMax);
  if (name === undefined || value === undefined) return undefined;
  if (!printable.test(name) || name.startsWith(':')) findings.invalidValue(`${path}.Name`, name);
  if (!printable.test(value)) findings.invalidValue(`${path}.Value`, value);
  return { name, value };
}

/** ASCII without control characters (CloudWatch API reference, Dimension). */
const printable = /^[ -~]*$/;
