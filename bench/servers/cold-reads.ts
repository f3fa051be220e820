/** Reads the engine's files when no memory holds them, and prints what came of it as JSON. */
import { coldReads } from '../cold-reads.ts';

const [directory, bytes, load] = process.argv.slice(2) as [string, string, 'full' | 'trickling'];
console.log(JSON.stringify(await coldReads({ directory, bytes: Number(bytes), load })));
