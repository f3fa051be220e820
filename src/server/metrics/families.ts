import { bucketSeconds } from '../../stream/meter/counts.ts';
import { type Family, familiesOf, type Labels, noLabels } from './family.ts';
import type { Figures } from './figures.ts';
import { processFamilies } from './process-families.ts';
import { streamFamilies } from './stream-families.ts';

const ofBuild = familiesOf(['version', 'node_version', 'engine'], ({ build }) => build);
const ofServer = familiesOf([], ({ server }) => [{ ...server, labels: noLabels }]);
const ofOperations = familiesOf(['operation'], ({ operations }) => operations);
const ofErrors = familiesOf(['operation', 'fault'], ({ operationErrors }) => operationErrors);
const ofJournals = familiesOf(['journal'], ({ journals }) => journals);

/**
 * All that `GET /metrics` shows, and instruments of OpenTelemetry tell. Names are never given to other
 * figures.
 */
export const families: readonly Family[] = [
  ofBuild(
    'info',
    'millrace_build_info',
    'Version of Millrace and of Node.js, and its engine; always 1.',
    () => 1,
  ),
  ofServer('gauge', 'millrace_healthy', 'Whether GET /health answers 200: 1, else 0.', ({ health }) =>
    health === 'ok' ? 1 : 0,
  ),
  ofServer('gauge', 'millrace_connections', 'Connections that are open.', ({ connections }) => connections),
  ofServer(
    'gauge',
    'millrace_disk_free_bytes',
    'What may still be written to the file system of the data directory.',
    ({ disk }) => disk?.freeBytes,
  ),
  ofServer(
    'gauge',
    'millrace_disk_size_bytes',
    'Size of the file system of the data directory.',
    ({ disk }) => disk?.totalBytes,
  ),
  ofJournals(
    'counter',
    'millrace_journal_commits_total',
    'Commits that made the state of streams, users and keys, since there is one.',
    ({ commits }) => commits,
  ),
  {
    kind: 'histogram',
    name: 'millrace_operation_duration_seconds',
    help: 'How long calls took, by operation, from the decoded request to the answer.',
    labels: ['operation'],
    samples: durations,
  },
  ofErrors(
    'counter',
    'millrace_operation_errors_total',
    'Calls that were answered with an error, by whose fault it was.',
    ({ count }) => count,
  ),
  ofOperations(
    'counter',
    'millrace_operation_throttled_total',
    'Calls that a limit refused.',
    ({ throttled }) => throttled,
  ),
  ...streamFamilies,
  ...processFamilies,
];

function* durations({ operations }: Figures) {
  for (const { labels, buckets, seconds } of operations) {
    yield { labels: labels satisfies Labels, ends: bucketSeconds, counts: buckets, sum: seconds };
  }
}
