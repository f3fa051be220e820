import { createRequire } from 'node:module';

/** This package's version. The sources and the build lie equally deep below its package.json. */
export const version: string = createRequire(import.meta.url)('../../package.json').version;
