import { strangeRequest } from './http1.ts';
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
