import type { DeliveryModel, StoredObject } from './delivery-model.ts';

/** A record in an object, as text; `isRefused` in one with errors. */
export type DeliveredRecord = {
  /** Undefined where it does not begin as any record that was put. */
  readonly id: string | undefined;
  readonly text: string;
  readonly isRefused: boolean;
  readonly object: StoredObject;
};

/** The records of a delivery's objects, in the order in which these were stored first. */
export function recordsOf({ name }: DeliveryModel, objects: readonly StoredObject[]): DeliveredRecord[] {
  return objects
    .filter(({ key }) => key.startsWith(`${name}/`))
    .sort((one, other) => one.first - other.first)
    .flatMap((object) => recordsIn(object));
}

/** Lines of what came, or of what is said of errors. */
export function recordsIn(object: StoredObject): DeliveredRecord[] {
  const isRefused = object.key.split('/')[1] === 'errors';
  const lines = String(object.body).split('\n').slice(0, -1);
  const last = String(object.body).split('\n').at(-1)!;
  const all = last === '' ? lines : [...lines, last];
  return all.map((line) => {
    const text = isRefused ? rawDataIn(line) : line;
    return { id: /^(?:\{"id":")?([dr]\d+)\b/.exec(text)?.[1], text, isRefused, object };
  });
}

function rawDataIn(line: string): string {
  return String(Buffer.from(JSON.parse(line).rawData, 'base64'));
}
