/**
 * How a server does. `stalled`: the thread that does the work has not answered for long. `cut off`: it cannot
 * reach the cluster that it belongs to, and acknowledges nothing until it can.
 */
export type Health = 'ok' | 'stalled' | 'cut off';
