#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// More than half of a start is compiling; the next one finds it done (nodejs.org/api/module.html, module compile cache).
enableCompileCache();
const { main } = await import('./program.ts');
await main();
