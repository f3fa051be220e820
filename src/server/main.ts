#!/usr/bin/env -S node --max-semi-space-size=8 --initial-old-space-size=128 --expose-gc
// The young generation at half its usual size, so that it stays in the processor's cache; and no hurry to collect the old one,
// which buffers would cause several times a second; the young one is collected on request, too (ARCHITECTURE.md, Decisions).
import { enableCompileCache } from 'node:module';

// More than half of a start is compiling; the next one finds it done (nodejs.org/api/module.html, module compile cache).
enableCompileCache();
const { main } = await import('./program.ts');
await main();
