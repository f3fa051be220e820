import { boolean, list, string, structure, type TypeOf } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { datumOf } from '../parts/datum.ts';
import { Findings } from '../parts/findings.ts';
import { namespaceMax } from '../parts/metric-target.ts';
import { entity, metricDatum } from '../parts/shapes.ts';

/** Metrics of one request (CloudWatch API reference, PutMetricData). */
const dataMax = 1000;

export const putMetricData = operation({
  name: 'PutMetricData',
  summary: 'Adds data to metrics, which come into being with them. Entities are taken, and not kept.',
  audit: 'data',
  input: structure('PutMetricDataInput', {
    Namespace: string(),
    MetricData: list(metricDatum),
    EntityMetricData: list(structure('EntityMetricData', { Entity: entity, MetricData: list(metricDatum) })),
    StrictEntityValidation: boolean(),
  }),
  output: undefined,
  prepare: ({ clock, metrics }, request, caller) => ({
    resource: '*',
    context: new Map([['cloudwatch:namespace', [request.Namespace ?? '']]]),
    run: async () => {
      const findings = new Findings();
      const namespace = namespaceOf(request.Namespace, findings);
      const putting = { namespace, caller, now: clock.now() };
      const asked = membersOf(request, findings);
      const data = asked.flatMap(({ path, datum }) => datumOf(datum, putting, findings, path) ?? []);
      findings.raise();
      if (data.length > 0) await (await metrics()).put(data);
    },
  }),
});

/** Those that begin with `AWS/` are of AWS's services. */
function namespaceOf(asked: string | undefined, findings: Findings): string {
  const namespace = findings.text('Namespace', asked, namespaceMax) ?? '';
  if (namespace.startsWith('AWS/')) findings.invalidValue('Namespace', 'AWS/');
  else if (!namespaceForm.test(namespace)) findings.invalidValue('Namespace', namespace);
  return namespace;
}

/** CloudWatch user guide, "Namespaces", on the characters; its API reference on the colon. */
const namespaceForm = /^(?!:)[\w.\-/#: ]*$/;

type Request = TypeOf<typeof putMetricData.input>;
type Member = { readonly path: string; readonly datum: TypeOf<typeof metricDatum> };

/** All data of a request, each with where it is. */
function membersOf({ MetricData, EntityMetricData = [] }: Request, findings: Findings): Member[] {
  const lists = [
    { path: 'MetricData', data: MetricData ?? [] },
    ...EntityMetricData.map((each, index) => ({
      path: `EntityMetricData.member.${index + 1}.MetricData`,
      data: each.MetricData ?? [],
    })),
  ];
  const members = lists.flatMap(({ path, data }) =>
    data.map((datum, index) => ({ path: `${path}.member.${index + 1}`, datum })),
  );
  if (members.length === 0) findings.missing('The parameter MetricData is required.');
  findings.list('MetricData', members, dataMax);
  return members.slice(0, dataMax);
}
