import type { Clock } from '../../env/clock.ts';
import type { MeterReadings } from '../../stream/meter/counts.ts';
import type { Meter } from '../../stream/meter/meter.ts';
import { firstPage, type MeterCursor } from '../../stream/meter/meter-page.ts';
import { ReadingSum } from '../../stream/meter/reading-sum.ts';

/** What this thread has counted, a page at a time. */
export function ownReadings(
  meter: Pick<Meter, 'page'>,
  clock: Pick<Clock, 'now' | 'turn'>,
): Pick<MeterReadings, 'read'> {
  return {
    async read() {
      const sum = new ReadingSum(clock.now());
      let cursor: MeterCursor | undefined = firstPage;
      while (cursor !== undefined) {
        const page = meter.page(cursor);
        sum.add(page);
        cursor = page.next;
        await clock.turn();
      }
      return sum.reading;
    },
  };
}
