import { type Caller, shownName } from '../../../access/caller.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import { putRecords } from '../../../stream/put.ts';
import type { RoutedPut } from '../../../stream/routed-put.ts';
import type { KinesisWorld } from '../world.ts';

/**
 * Stores records for a caller, who needs permission for the stream's key, too. Rejects as `putRecords` does;
 * throws or rejects with an exception of KMS. Not an `async` function: a promise more is dear for one record.
 */
export function store(
  world: KinesisWorld,
  { stream, put }: { readonly stream: Stream; readonly put: RoutedPut },
  caller: Caller,
  call: 'PutRecord' | 'PutRecords',
): Promise<void> {
  const asked = world.keyUse.requireToWrite(caller, stream, put);
  return asked === undefined
    ? putRecords(world, stream, put, shownName(caller), call)
    : asked.then(() => putRecords(world, stream, put, shownName(caller), call));
}
