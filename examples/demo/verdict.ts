import type { Progress } from './progress.ts';
import type { Proof, Sent } from './proof.ts';

/** Says in a few lines what the proofs came to; answers whether every promise was kept. */
export function tell(sent: Sent, live: Proof, again: Proof, progress: Progress): boolean {
  const broken = [
    ...live.broken,
    ...again.broken.map((sentence) => `On the second reading: ${sentence}`),
    ...(live.unansweredButStored === again.unansweredButStored ? [] : ['The two readings differ.']),
  ];
  if (broken.length > 0) {
    progress.say(`The proof failed, with ${count(broken.length)} broken promises, of which the first are:`);
    for (const sentence of broken.slice(0, shownMax)) progress.say(`  ${sentence}`);
    return false;
  }
  progress.say(
    `Every one of ${count(sent.acknowledged.length)} acknowledged records arrived, byte for byte:`,
  );
  for (const [shard, arrived] of [...live.arrived].sort()) {
    progress.say(`  ${shard}  ${count(arrived)} in order, each sequence number once`);
  }
  for (const sentence of aboutUnanswered(sent, live)) progress.say(sentence);
  progress.say('A second reading, from the beginning, found the same.');
  return true;
}

const shownMax = 10;

/**
 * AWS promises as much: what was not answered may be stored or not, and a producer that asks again may store
 * it twice.
 */
function aboutUnanswered({ unanswered }: Sent, { unansweredButStored }: Proof): string[] {
  if (unanswered.size === 0) return ['The kill fell between two requests: no record had to be sent again.'];
  return [
    `${records(unanswered.size)} had no answer when the server died, and went out again. ` +
      (unansweredButStored === 0
        ? 'None of them had been stored before.'
        : `Stored before, and so there twice, as on AWS: ${count(unansweredButStored)}.`),
  ];
}

function records(number: number): string {
  return `${count(number)} ${number === 1 ? 'record' : 'records'}`;
}

export function count(number: number): string {
  return number.toLocaleString('en');
}
