import { putCorpus } from './corpus.ts';
import { Fleet } from './fleet.ts';
import { exchangeOnce } from './fresh-session.ts';
import type { Outcome, PutLoad } from './load.ts';
import { replay } from './replay.ts';

/** Puts records as fast as the server answers. */
export async function putRecords(port: number, serverPid: number, load: PutLoad): Promise<Outcome> {
  const corpus = putCorpus(port, load);
  if (load.fleet !== undefined) {
    const fleet = await Fleet.start(port, load.fleet);
    const outcome = await replay(port, serverPid, corpus, load);
    await fleet.stop();
    return outcome;
  }
  if (!load.isFreshSession) return replay(port, serverPid, corpus, load);
  return replay(port, serverPid, corpus, load, (request) => {
    const { headers, body } = request.parts(Date.now());
    return exchangeOnce(port, headers, body);
  });
}
