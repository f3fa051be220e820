import type { Where } from '../view.ts';

/** Compiles an expression, once for all records. `ViewError`, with the position, where it is none. */
export declare function compileWhere(text: string): Where;
