import type { PutLoad } from '../load.ts';
import type { Scenario } from '../scenarios.ts';
import { put, putFigures } from './put.ts';

/**
 * The same puts in JSON and in CBOR, each on a server of its own: what one has written makes the kernel's
 * memory dearer for the next.
 */
export const encodings: Scenario = {
  name: 'encodings',
  group: 'main',
  async measure(turn) {
    const micros = async (load: Partial<PutLoad>) => {
      await using server = await turn.start(4);
      return putFigures(await put(turn, server, load)).putMicros;
    };
    const one = { operation: 'PutRecord', connections: 64 } as const;
    turn.note({
      jsonPutRecordsMicros: await micros({}),
      cborPutRecordsMicros: await micros({ encoding: 'CBOR' }),
      jsonPutRecordMicros: await micros(one),
      cborPutRecordMicros: await micros({ ...one, encoding: 'CBOR' }),
    });
  },
};
