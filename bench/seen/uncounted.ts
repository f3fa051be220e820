/**
 * Loaded into a server before its program: takes away what counts puts, reads and calls, to see what it
 * costs. There is no setting for it.
 */
import { Meter } from '../../src/stream/meter/meter.ts';
import { CallStatistics } from '../../src/stream/metrics/call-statistics.ts';

const nothing = () => {};
const zero = () => 0;

Object.assign(Meter.prototype, {
  ...{ didPut: nothing, didRead: nothing, readThrottled: nothing, didSend: nothing },
  ...{ ended: nothing, hitLimit: nothing, now: zero },
} satisfies Partial<Meter>);

Object.assign(CallStatistics.prototype, {
  ...{ didPut: nothing, didGet: nothing, didSubscribe: nothing, didSend: nothing, start: zero },
} satisfies Partial<CallStatistics>);
