#!/usr/bin/env -S node --max-semi-space-size=8 --initial-old-space-size=128 --expose-gc
// The young generation at half its usual size, so that it stays in the processor's cache; and no hurry to collect the old one,
// which buffers would cause several times a second; the young one is collected on request, too (ARCHITECTURE.md, Decisions).
import { enableCompileCache } from 'node:module';

// Threads that write, sync and read files; libuv's four are few. Logs that are synced at the same time share a commit of the file system's
// journal. Read when the first of them is needed (docs.libuv.org, "Thread pool work scheduling").
process.env['UV_THREADPOOL_SIZE'] ??= '16';

// More than half of a start is compiling; the next one finds it done (nodejs.org/api/module.html, module compile cache).
enableCompileCache();
const { main } = await import('./program.ts');
await main();
