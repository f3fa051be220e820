import { answersIn, strangeRequest } from './http1.ts';
import { headers, opening, requestHeaders } from './http2.ts';
import { Line } from './line.ts';

/** Comes by every way in, so that what a server makes at the first use of each is there. */
export async function warmUp(port: number): Promise<void> {
  const said = [strangeRequest(1), Buffer.concat([opening, headers(1, requestHeaders('stranger', {}), 5)])];
  for (const secure of [false, true]) {
    for (const bytes of said) {
      // Several: each belongs to one of the server's threads.
      for (let nth = 0; nth < 4; nth++) {
        const line = await Line.open({ port, secure });
        line.say(bytes);
        await line.waitsFor(() => line.heardBytes > 0, 10_000);
        line.reset();
      }
    }
  }
}

/**
 * As a server is that has served for a while: each of its threads holds the garbage that V8 lets it hold
 * before it collects. Serves strangers one after the other until nothing grows any more.
 */
export async function serveForAWhile(port: number, residentBytes: () => number): Promise<void> {
  const burst = Buffer.concat(Array.from({ length: 100 }, () => strangeRequest(100)));
  let most = residentBytes();
  for (let calm = 0, turn = 0; calm < calmTurns && turn < turnsMax; turn++) {
    await Promise.all(Array.from({ length: 8 }, () => serveBursts(port, burst)));
    const now = residentBytes();
    calm = now > most + growthBytes ? 0 : calm + 1;
    most = Math.max(most, now);
  }
}

async function serveBursts(port: number, burst: Buffer): Promise<void> {
  const line = await Line.open({ port });
  let answers = 0;
  line.follow((bytes) => {
    answers += answersIn(bytes);
  });
  for (let count = 1; count <= 40 && !line.isClosed; count++) {
    line.say(burst);
    await line.waitsFor(() => answers >= 100 * count, 10_000);
  }
  line.reset();
}

const calmTurns = 3;
const turnsMax = 30;
const growthBytes = 4 * 1024 * 1024;
