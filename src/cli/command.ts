import { enableCompileCache } from 'node:module';
import { NodeSignals } from '../env/node-signals.ts';

const signals = new NodeSignals();

// Threads that write, sync and read files; libuv's four are few. Logs that are synced at the same time share
// a commit of the file system's journal. Read when the first of them is needed (docs.libuv.org, "Thread pool
// work scheduling").
process.env['UV_THREADPOOL_SIZE'] ??= '16';

// More than half of a start is compiling; the next one finds it done (nodejs.org/api/module.html, module
// compile cache).
enableCompileCache();
const { main } = await import('./program.ts');
await main(signals);
