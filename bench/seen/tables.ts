import type { Table } from '../tables.ts';

/** What is asked of a server with many shards, as the scenario names it. */
export const wideLookNames = [
  'GET /metrics',
  'GetStreamSight',
  'ListStreamSights',
  'ListReaders',
  'ListReaders of the stream',
  'GetServerSight',
] as const;

/** What it costs to be looked at. */
export const seenTables: readonly Table[] = [
  {
    title: 'Puts, counted and not',
    note: 'PutRecords of 500 records of 1 KiB over eight connections and PutRecord over 64, to a server as it is and to one from which a preloaded module took the counting, in pairs: server CPU.',
    rows: [{ title: 'Millrace', scenario: 'counted-puts' }],
    figures: [
      ...(['countedPutRecordsMicros', 'uncountedPutRecordsMicros', 'countingMicros'] as const),
      ...(['countedPutRecordMicros', 'uncountedPutRecordMicros', 'countingPutMicros'] as const),
    ],
  },
  {
    title: 'Puts beside an open console',
    note: 'PutRecords with and without what an open console asks, in pairs: the list of 1,000 streams each 2 s, the stream that is put to each second, and the tail of another, which has 100 records a second.',
    rows: [{ title: 'Millrace', scenario: 'beside-console' }],
    figures: ['putMicros', 'besidePutMicros', 'besideCpuShare', 'emptyMegabytes', 'residentMegabytes'],
  },
  {
    title: 'Looks at 10,000 shards',
    note: 'One stream, of which next to all shards have been put to; ten looks each. Turns of the event loop are measured on a server of its own, which does nothing else.',
    rows: wideLookNames.map((name) => ({ title: name, scenario: 'wide-looks', contender: name })),
    figures: ['lookCpuMs', 'lookMs', 'lookMegabytes', 'usualStallCpuMs', 'stallCpuMs', 'stallMs'],
  },
  {
    title: 'A tail',
    note: '5,000 records of 500 bytes a second into ten shards, a hundred at a time, for 10 s without a tail, and for 10 s with one over a connection that hears every record.',
    rows: [{ title: 'Millrace', scenario: 'tail' }],
    figures: ['putsPerSecond', 'cpuPercent', 'tailedPercent', 'tailRecords'],
  },
];
