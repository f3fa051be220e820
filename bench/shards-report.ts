import { rounded, table } from './markdown.ts';
import * as results from './results.ts';

const columns: readonly (readonly [title: string, results.Figure])[] = [
  ['DescribeStreamSummary us', results.summaryMicros],
  ['ListShards of 5 us', results.fiveListedMicros],
  ['of 1,000 us', results.thousandListedMicros],
  ['PutRecords to 4 shards us/record', results.fourPutMicros],
  ['to all us/record', results.allPutMicros],
  ['restart to a record stored ms', results.restartMs],
  ['after the puts ms', results.restartFullMs],
];

/** Of a line of progress. */
export function shardsParts(run: results.Run): string[] {
  return columns.map(([title, figure]) => `${title}: ${cell(figure(run))}`);
}

/** A row for each number of shards; medians over the rounds. Nothing when it was not measured. */
export function shardsSection(runs: readonly results.Run[]): string[] {
  const turns = runs.filter(({ shards }) => shards !== undefined);
  const scenarios = [...new Set(turns.map(({ scenario }) => scenario))];
  if (scenarios.length === 0) return [];
  const rows = scenarios.map((scenario) => [
    scenario.replace('shards ', ''),
    ...columns.map(([, figure]) => cell(results.figureOf(turns, 'millrace', figure, scenario)?.median)),
  ]);
  return [
    table([['Shards', ...columns.map(([title]) => title)], ...rows]),
    "Millrace with one stream of so many shards; microseconds are the server's CPU time.",
  ];
}

function cell(value: number | undefined): string {
  return value === undefined ? '' : rounded(value);
}
