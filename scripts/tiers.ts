// Which test files belong to which run of `npm test`.
import { globSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** What a quick run leaves out: what starts processes, plays worlds, or tries something many thousand times. */
export const notQuick: readonly string[] = [
  ...['test/bench/bench.test.ts', 'test/clients', 'test/demo', 'test/package', 'test/torture'],
  ...['test/sim/every-place.test.ts', 'test/sim/mutants.test.ts', 'test/sim/seeds.test.ts'],
  ...['test/server/fronts.test.ts', 'test/server/main.test.ts', 'test/server/tls'],
  ...['test/server/verify.test.ts', 'test/server/verify-simulated.test.ts'],
  ...['test/log/embedded/crash.test.ts', 'test/log/embedded/damage.test.ts'],
  ...['test/log/embedded/failure.test.ts', 'test/log/embedded/verify.test.ts'],
  ...['test/api/direct-put.test.ts', 'test/api/heavy-bodies.test.ts', 'test/api/sequences.test.ts'],
  ...['test/wire/in-pieces.test.ts', 'test/wire/record-writer.test.ts', 'test/wire/sigv4-mutation.test.ts'],
];

/** What a slow run consists of: tests that wait for something that a busy machine does later, or hunt for something. */
export const slow: readonly string[] = [
  ...['test/sim/mutants.test.ts', 'test/fronts', 'test/env', 'test/torture/promises.test.ts'],
  ...['test/api/subscribe-to-shard.test.ts', 'test/api/subscription-sockets.test.ts'],
  ...['test/server/connection-limit.test.ts', 'test/server/deadlines.test.ts', 'test/server/failure.test.ts'],
  ...['test/server/fronts.test.ts', 'test/server/health.test.ts', 'test/server/listener-close.test.ts'],
  ...['test/server/listener-http2.test.ts', 'test/server/listener-patience.test.ts'],
  ...['test/server/listener.test.ts', 'test/server/main.test.ts', 'test/server/node-env.test.ts'],
  ...[
    'test/server/plain-connection.test.ts',
    'test/server/tls/door.test.ts',
    'test/stream/background.test.ts',
  ],
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
