// Which test files belong to which run of `npm test`.
import { globSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/**
 * What a quick run leaves out: what starts processes, plays worlds, or tries something many thousand times.
 */
export const notQuick: readonly string[] = [
  ...['test/bench/bench.test.ts', 'test/clients', 'test/demo', 'test/kafka', 'test/package', 'test/torture'],
  ...['test/sim/every-place.test.ts', 'test/sim/mutants.test.ts', 'test/sim/seeds.test.ts'],
  'test/sim/cluster-seeds.test.ts',
  ...['test/server/workers/real-threads.test.ts', 'test/cli/main.test.ts', 'test/http/tls'],
  ...['test/cli/user/user.test.ts', 'test/fuzz'],
  ...['test/rpc/browser.test.ts', 'test/server/listeners.test.ts', 'test/docs/sealing-model.test.ts'],
  ...['test/cli/offline/verify.test.ts', 'test/cli/offline/verify-simulated.test.ts'],
  ...['test/log/embedded/crash.test.ts', 'test/log/embedded/damage.test.ts'],
  ...['test/log/embedded/failure.test.ts', 'test/log/embedded/verify/verify.test.ts'],
  ...[
    'test/services/kinesis/fast-put.test.ts',
    'test/services/kinesis/heavy-bodies.test.ts',
    'test/services/kinesis/sequences.test.ts',
  ],
  ...['test/services/kinesis/parts/record-writer.test.ts', 'test/access/sigv4/mutation.test.ts'],
  ...['test/services/dynamodb/differential.test.ts', 'test/services/dynamodb/tables/small-heap.test.ts'],
];

/**
 * What a slow run consists of: tests that wait for what a busy machine does late, or that search for a
 * failure among real processes. Simulated worlds have clocks of their own: no machine is slow to them.
 */
export const slow: readonly string[] = [
  ...['test/gateway', 'test/env', 'test/torture/promises.test.ts'],
  ...[
    'test/services/kinesis/operations/subscribe-to-shard.test.ts',
    'test/services/kinesis/subscription-sockets.test.ts',
  ],
  ...['test/http/connection-limit.test.ts', 'test/http/deadlines.test.ts', 'test/cli/failure.test.ts'],
  ...[
    'test/server/workers/real-threads.test.ts',
    'test/server/pages.test.ts',
    'test/http/listener-close.test.ts',
  ],
  ...['test/http/listener-http2.test.ts', 'test/http/listener-patience.test.ts'],
  ...['test/http/listener.test.ts', 'test/cli/main.test.ts', 'test/server/node-env.test.ts'],
  ...[
    'test/http/fast-connection.test.ts',
    'test/http/tls/tls-acceptor.test.ts',
    'test/stream/background.test.ts',
  ],
];

/** What takes a minute or more, some of it in waiting. */
export const longest: readonly string[] = [
  ...[
    'test/sim/mutants.test.ts',
    'test/torture',
    'test/sim/seeds.test.ts',
    'test/sim/cluster-seeds.test.ts',
    'test/clients/java',
    'test/clients/kcl3',
    'test/kafka',
  ],
  'test/bench/bench.test.ts',
];

/** Every test file, its path from the root. */
export function allTests(): string[] {
  return globSync('test/**/*.test.ts', { cwd: root }).sort();
}

export function quickTests(): string[] {
  return allTests().filter((file) => !notQuick.some((part) => isPartOf(file, part)));
}

export function slowTests(): string[] {
  return allTests().filter((file) => slow.some((part) => isPartOf(file, part)));
}

/** Whether a file is the one of that name, or in the folder. */
export function isPartOf(file: string, part: string): boolean {
  return file === part || file.startsWith(`${part}/`);
}
