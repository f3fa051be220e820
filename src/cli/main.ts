#!/usr/bin/env -S MALLOC_MMAP_THRESHOLD_=4194304 MALLOC_TRIM_THRESHOLD_=16777216 node --max-semi-space-size=8 --initial-old-space-size=128 --expose-gc
// The young generation has half its usual size, so that it stays in the processor's cache, and is collected
// on request, too. The old one is not collected in a hurry, which buffers would cause several times a second.
// As the `start` script in package.json; docs/decisions.md says why.
import { unthinkable } from '../env/detached.ts';
import { nodeFault } from '../server/node-version.ts';

// An older Node may not even be able to load the rest, which is imported only once this one is known to be
// new enough.
const fault = nodeFault(process.versions.node);
if (fault === undefined) {
  import('./command.ts').catch(unthinkable);
} else {
  process.stderr.write(`${fault}\n`);
  process.exitCode = 78; // EX_CONFIG of sysexits.h.
}
