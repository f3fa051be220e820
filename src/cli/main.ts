#!/usr/bin/env -S MALLOC_MMAP_THRESHOLD_=4194304 MALLOC_TRIM_THRESHOLD_=16777216 node --max-semi-space-size=8 --initial-old-space-size=128 --expose-gc
// The young generation at half its usual size, so that it stays in the processor's cache; and no hurry to
// collect the old one, which buffers would cause several times a second; the young one is collected on
// request, too (ARCHITECTURE.md, Decisions).
import { unthinkable } from '../env/detached.ts';
import { nodeFault } from '../server/node-version.ts';

// Whatever else is imported, an older Node may not even be able to load: so it is asked for only when this
// one is known to be new enough.
const fault = nodeFault(process.versions.node);
if (fault === undefined) {
  import('./command.ts').catch(unthinkable);
} else {
  process.stderr.write(`${fault}\n`);
  process.exitCode = 78; // EX_CONFIG of sysexits.h.
}
