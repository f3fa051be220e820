import type { FanOutOutcome, Latency } from './load.ts';
import { rounded, table } from './markdown.ts';
import type { Run } from './results.ts';
import { median } from './statistics.ts';

/** Of a line of progress. */
export function fanOutParts(outcome: FanOutOutcome): string[] {
  const { p50Ms, p99Ms, maxMs } = outcome.fromSend;
  return [
    `${rounded(perSecond(outcome))} records/s`,
    `put to event p50 ${rounded(p50Ms)} ms, p99 ${rounded(p99Ms)} ms, at most ${rounded(maxMs)} ms`,
    `${rounded(cpuPercent(outcome))} % CPU`,
  ];
}

/** A row for each number of consumers; medians over the rounds. Nothing when it was not measured. */
export function fanOutSection(runs: readonly Run[]): string[] {
  const measured = runs.filter(({ fanOut }) => fanOut !== undefined);
  const rows = [...Map.groupBy(measured, ({ scenario }) => scenario)].map(([scenario, turns]) => {
    const figure = (of: (outcome: FanOutOutcome) => number) =>
      rounded(median(turns.map(({ fanOut }) => of(fanOut!))));
    const latency = (from: 'fromSend' | 'fromDue', part: keyof Latency) =>
      figure((outcome) => outcome[from][part]);
    return [
      scenario.replace('fan-out ', ''),
      figure(perSecond),
      latency('fromSend', 'p50Ms'),
      latency('fromSend', 'p99Ms'),
      latency('fromSend', 'maxMs'),
      `${latency('fromDue', 'p50Ms')} (${latency('fromDue', 'p99Ms')})`,
      figure(cpuPercent),
    ];
  });
  if (rows.length === 0) return [];
  const header = ['Consumers', 'records/s', 'p50 ms', 'p99', 'max', 'from when it was due', 'CPU %'];
  return [
    table([header, ...rows]),
    'Fan-out by Millrace, from sending the put to having the event; p99 in parentheses; CPU is of one processor.',
  ];
}

function perSecond({ records, seconds }: FanOutOutcome): number {
  return records / seconds;
}

function cpuPercent({ cpuSeconds, seconds }: FanOutOutcome): number {
  return (cpuSeconds / seconds) * 100;
}
