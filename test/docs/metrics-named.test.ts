import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { families } from '../../src/server/metrics/families.ts';

type Named = { readonly expressions: readonly string[]; readonly legends: readonly string[] };

type Panel = {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
};

const dashboard = JSON.parse(readFileSync('docs/grafana.json', 'utf8')) as {
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly definition?: string }[] };
};
const rules = readFileSync('deploy/prometheus/alerts.yaml', 'utf8');

/** Names of samples that there are, with the labels that Prometheus adds. */
const labelsOf = new Map(
  families.flatMap(({ name, kind, labels }) => {
    const all = [...labels, 'job', 'instance', ...(kind === 'histogram' ? ['le'] : [])];
    return (kind === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']).map(
      (end) => [name + end, all] as const,
    );
  }),
);

/** What a text names that is not there. */
function unknownIn({ expressions, legends }: Named): string[] {
  const wrong: string[] = [];
  const named = new Set<string>();
  for (const expression of expressions) {
    for (const [metric] of expression.matchAll(/\b(millrace|process|nodejs)_\w+/g)) {
      const labels = labelsOf.get(metric);
      if (labels === undefined) wrong.push(metric);
      for (const label of labels ?? []) named.add(label);
    }
    const chosen = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/,\s*/));
    const matched = [...expression.matchAll(/(\w+)(?:=~|=|!=)"/g)].map(([, label]) => label!);
    const asked = [...expression.matchAll(/^label_values\(.*, (\w+)\)$/g)].map(([, label]) => label!);
    for (const label of [...chosen, ...matched, ...asked])
      if (!named.has(label)) wrong.push(`${label} in ${expression}`);
  }
  for (const legend of legends) {
    for (const [, label] of legend.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)) {
      if (!named.has(label!)) wrong.push(`${label} in ${legend}`);
    }
  }
  return wrong;
}

test('the dashboard of Grafana names metrics and labels that /metrics has', () => {
  const panels = dashboard.panels.filter(({ targets }) => targets !== undefined);
  assert.ok(panels.length > 20);
  // As Grafana 11 writes it, which later ones read.
  assert.equal(dashboard.schemaVersion, 40);
  const variables = dashboard.templating.list.flatMap(({ definition }) => definition ?? []);
  const wrong = [
    ...unknownIn({ expressions: variables, legends: [] }),
    ...panels.flatMap(({ targets }) =>
      unknownIn({
        expressions: targets!.map(({ expr }) => expr),
        legends: targets!.map(({ legendFormat }) => legendFormat),
      }),
    ),
  ];
  assert.deepEqual(wrong, []);
});

test('the alerts for Prometheus name metrics and labels that /metrics has', () => {
  const alerts = rules.split(/^ {6}- alert: /m).slice(1);
  assert.ok(alerts.length > 5);
  const wrong = alerts.flatMap((alert) =>
    unknownIn({
      expressions: [/^ +expr: (.*)$/m.exec(alert)![1]!],
      legends: [/^ +summary: (.*)$/m.exec(alert)![1]!],
    }),
  );
  assert.deepEqual(wrong, []);
});

test('what names a metric that is not there is found', () => {
  const expressions = ['sum by (shop) (millrace_streams_total{shard="1"})'];
  assert.deepEqual(unknownIn({ expressions, legends: ['{{ $labels.consumer }}'] }), [
    'millrace_streams_total',
    `shop in ${expressions[0]}`,
    `shard in ${expressions[0]}`,
    'consumer in {{ $labels.consumer }}',
  ]);
});
