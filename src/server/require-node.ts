import { nodeFault } from './node-version.ts';

const fault = nodeFault(process.versions.node);
if (fault !== undefined) throw new Error(fault);
