import type { Table } from '../tables.ts';

/** What is measured of functions and mappings. */
export const lambdaTables: readonly Table[] = [
  {
    title: 'From a put to a function',
    note: 'Records of 1 KiB, one to a put, 100 a second, to a warm function of Node that tells when it is entered, by the clock of the machine.',
    rows: [{ title: 'Millrace', scenario: 'lambda-latency' }],
    figures: ['enteredP50Ms', 'enteredP99Ms', 'enteredMaxMs'],
  },
  {
    title: 'Records through a function',
    note: '5,000 records of 1 KiB a second, put a hundred at a time, through one mapping of four shards with batches of a hundred.',
    rows: [{ title: 'Millrace', scenario: 'lambda-throughput' }],
    figures: ['putsPerSecond', 'lagMs', 'behindMs', 'serverMicros', 'functionMicros', 'instances'],
  },
  {
    title: 'Cold starts',
    note: 'A synchronous Invoke of a function that no process runs yet, from sending it to its answer, and of the same function then.',
    rows: [{ title: 'Millrace', scenario: 'lambda-cold-start' }],
    figures: ['coldStartP50Ms', 'coldStartMaxMs', 'warmInvokeP50Ms'],
  },
  {
    title: 'Idle mappings',
    note: 'One mapping that nothing comes to, and then 100 more, each with a function of its own.',
    rows: [{ title: 'Millrace', scenario: 'lambda-idle' }],
    figures: ['cpuPercent', 'mappingsCpuPercent', 'residentMegabytes', 'mappingsMegabytes'],
  },
  {
    title: 'Beside functions that misbehave',
    note: 'PutRecords with and without three functions beside that throw, never answer and leak memory, in pairs. Server and functions may use both cores, here and above.',
    rows: [{ title: 'Millrace', scenario: 'lambda-beside' }],
    figures: ['putMegabytes', 'besideMegabytes', 'besideShare'],
  },
];
