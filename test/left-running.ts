import { constants } from 'node:os';
import { after } from 'node:test';
import { isMainThread } from 'node:worker_threads';

// Preloaded in every test file: nothing that it starts outlives it.

if (isMainThread) {
  // A process that is told to end takes along what it started, which listens for 'exit'.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
  after(() => {
    setTimeout(() => {
      console.error(`still running after its tests: ${process.getActiveResourcesInfo().join(', ')}`);
      process.exit(1);
    }, leaveMsMax).unref();
  });
}

/** Not a limit of how long tests may take: only of what a test that failed has left behind. */
const leaveMsMax = 60_000;
