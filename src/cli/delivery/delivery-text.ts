import { countText, cut, durationText, printable, timeText } from '../answer-text.ts';
import { tableText } from '../user/user-text.ts';
import type { DeliveryAnswer } from './delivery-answers.ts';

/** A line for each delivery; the reason of one that is held up is at the end of its line. */
export function deliveriesText(deliveries: readonly DeliveryAnswer[]): string {
  if (deliveries.length === 0) return 'There are no deliveries.\n';
  const rows = deliveries.map((delivery) => [
    ...[delivery.Name, delivery.Kind, delivery.Destination, delivery.State],
    ...[durationText(delivery.FreshnessMillis), rateText(delivery.BytesPerSecond)],
    ...[countText(delivery.Records), countText(delivery.Objects), countText(delivery.Refused)],
    delivery.Reason === undefined ? '-' : cut(printable(delivery.Reason), reasonColumns),
  ]);
  const head = [
    'NAME',
    'KIND',
    'TO',
    'STATE',
    'FRESHNESS',
    'MB/S',
    'RECORDS',
    'OBJECTS',
    'REFUSED',
    'REASON',
  ];
  return tableText([head, ...rows]);
}

/** A line for each thing that is known. */
export function deliveryText(delivery: DeliveryAnswer): string {
  const { DoneAt: doneAt, Reason: reason } = delivery;
  return tableText([
    ['Id', delivery.Id],
    ['Kind', delivery.Kind],
    ['Name', delivery.Name],
    ['ARN', delivery.Arn],
    ['Destination', delivery.Destination],
    ['State', delivery.State],
    ['Reason', reason === undefined ? '-' : printable(reason)],
    ['Freshness', durationText(delivery.FreshnessMillis)],
    ['Rate', `${rateText(delivery.BytesPerSecond)} MB/s`],
    ['Records', countText(delivery.Records)],
    ['Bytes', countText(delivery.Bytes)],
    ['Objects', countText(delivery.Objects)],
    ['Refused', countText(delivery.Refused)],
    ['Last delivered', doneAt === undefined ? '-' : timeText(doneAt)],
  ]);
}

const reasonColumns = 100;

function rateText(bytesPerSecond: number): string {
  return (bytesPerSecond / 1e6).toFixed(bytesPerSecond < 1e6 ? 3 : 1);
}
