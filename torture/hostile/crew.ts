import { Worker } from 'node:worker_threads';
import type { CrewData, CrewWord } from './crew-thread.ts';
import type { Excess } from './gauge.ts';

/** What came of a crew's work. Undefined violations: it was stopped before it was done. */
export type CrewOutcome = {
  readonly violations: readonly string[] | undefined;
  readonly excess: Excess | undefined;
  /** The last steps that it began. */
  readonly last: readonly string[];
};

/**
 * Sends a crew through its steps, until it is done or is told to stop. It resolves when all its connections
 * are gone.
 */
export async function sendCrew(data: CrewData, stop: AbortSignal): Promise<CrewOutcome> {
  const worker = new Worker(new URL('./crew-thread.ts', import.meta.url), { workerData: data });
  const last: string[] = [];
  let done: Extract<CrewWord, { kind: 'done' }> | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    worker.on('message', (word: CrewWord) => {
      if (word.kind === 'done') done = word;
      else last.push(word.title);
      if (last.length > lastKept) last.shift();
    });
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
  const end = () => void worker.terminate();
  stop.addEventListener('abort', end, { once: true });
  if (stop.aborted) end();
  await ended;
  stop.removeEventListener('abort', end);
  return { violations: done?.violations, excess: done?.excess, last };
}

const lastKept = 3;
