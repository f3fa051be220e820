import { enableCompileCache } from 'node:module';
import { nodeClock } from '../../env/node-clock.ts';
import { givenToWorker } from '../../env/node-workers.ts';
import { boundPatterns } from '../bounded-patterns.ts';
import type { ViewerPorts } from './viewer-messages.ts';

// Loads what the main thread has compiled.
enableCompileCache();
boundPatterns();
const { serveViewer } = await import('./serve-viewer.ts');
await serveViewer(givenToWorker<undefined, ViewerPorts>().ports, nodeClock);
