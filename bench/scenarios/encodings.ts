import type { PutLoad } from '../load.ts';
import type { Scenario } from '../scenarios.ts';
import { put, putFigures } from './put.ts';

/** The same puts in JSON and in CBOR, one after the other on one server. */
export const encodings: Scenario = {
  name: 'encodings',
  group: 'main',
  async measure(turn) {
    await using server = await turn.start(4);
    const micros = async (load: Partial<PutLoad>) => putFigures(await put(turn, server, load)).putMicros;
    const one = { operation: 'PutRecord', connections: 64 } as const;
    turn.note({
      jsonPutRecordsMicros: await micros({}),
      cborPutRecordsMicros: await micros({ encoding: 'CBOR' }),
      jsonPutRecordMicros: await micros(one),
      cborPutRecordMicros: await micros({ ...one, encoding: 'CBOR' }),
    });
  },
};
