import type { Scenario } from '../scenarios.ts';
import { put, putFigures } from './put.ts';

/**
 * PutRecord by clients that open an HTTP/2 session for each, as the JavaScript SDK may, and by one that keeps
 * its connections.
 */
export const sessions: Scenario = {
  name: 'sessions',
  group: 'main',
  async measure(turn) {
    await using server = await turn.start(4);
    const load = { operation: 'PutRecord', connections: 16 } as const;
    const { putMicros: http1Micros } = putFigures(await put(turn, server, load));
    const { putMicros: sessionMicros } = putFigures(
      await put(turn, server, { ...load, isFreshSession: true }),
    );
    turn.note({ http1Micros, sessionMicros });
  },
};
