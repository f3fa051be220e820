import type { ProcessFigures } from '../../env/own-process.ts';
import { type Family, familiesOf, noLabels } from './family.ts';

const ofProcess = familiesOf([], ({ process }) =>
  process === undefined ? [] : [{ ...process, labels: noLabels }],
);
const ofDelays = familiesOf(['share'], ({ loopDelays }) => loopDelays);
const ofCollections = familiesOf(['kind'], ({ collections }) => collections);

function gauge(name: string, help: string, value: (process: ProcessFigures) => number | undefined): Family {
  return ofProcess('gauge', name, help, value);
}

/**
 * Of the process. Names that begin with `process_` are those of Prometheus' client libraries ("Writing client
 * libraries", "Standard and runtime collectors"), those with `nodejs_` as clients for Node have them.
 */
export const processFamilies: readonly Family[] = [
  ofProcess(
    'counter',
    'process_cpu_user_seconds_total',
    'Processor time of the program, of all threads.',
    ({ userSeconds }) => userSeconds,
  ),
  ofProcess(
    'counter',
    'process_cpu_system_seconds_total',
    'Processor time of the system on behalf of the program.',
    ({ systemSeconds }) => systemSeconds,
  ),
  ofProcess(
    'counter',
    'process_cpu_seconds_total',
    'Processor time of program and system together.',
    ({ userSeconds, systemSeconds }) => userSeconds + systemSeconds,
  ),
  gauge('process_start_time_seconds', 'When it was started, since 1970.', ({ startedAt }) => startedAt),
  gauge('process_resident_memory_bytes', 'Resident memory.', ({ residentBytes }) => residentBytes),
  gauge('process_open_fds', 'Files and connections that are open.', ({ openFiles }) => openFiles),
  gauge('process_max_fds', 'How many may be open.', ({ openFilesMax }) => openFilesMax),
  gauge(
    'nodejs_heap_size_used_bytes',
    "What objects take of the first thread's heap.",
    ({ heapUsedBytes }) => heapUsedBytes,
  ),
  gauge('nodejs_heap_size_bytes', "The first thread's heap.", ({ heapSizeBytes }) => heapSizeBytes),
  gauge(
    'nodejs_heap_size_limit_bytes',
    'What that heap may become before the process ends.',
    ({ heapMaxBytes }) => heapMaxBytes,
  ),
  gauge(
    'nodejs_external_memory_bytes',
    'Memory outside of that heap that objects hold, buffers included.',
    ({ externalBytes }) => externalBytes,
  ),
  gauge('nodejs_array_buffers_bytes', 'Memory of buffers.', ({ buffersBytes }) => buffersBytes),
  ofProcess(
    'counter',
    'nodejs_eventloop_busy_seconds_total',
    'How long the event loop of the first thread has had something to do.',
    ({ loopBusySeconds }) => loopBusySeconds,
  ),
  ofDelays(
    'gauge',
    'nodejs_eventloop_delay_seconds',
    'How late the event loop of the first thread was since the last scrape, at most, in this share of the cases.',
    ({ seconds }) => seconds,
  ),
  ofCollections(
    'counter',
    'nodejs_gc_collections_total',
    'Collections of garbage in the first thread since the first scrape.',
    ({ count }) => count,
  ),
  ofCollections(
    'counter',
    'nodejs_gc_duration_seconds_total',
    'How long they took.',
    ({ seconds }) => seconds,
  ),
];
