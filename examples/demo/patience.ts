import { setTimeout as sleep } from 'node:timers/promises';
import { KinesisServiceException } from '@aws-sdk/client-kinesis';

/**
 * Asks again while no server answers, as when it is being started again, and calls `unanswered` each time.
 * What a server answers, and if it is an error, is passed on.
 */
export async function patiently<T>(ask: () => Promise<T>, unanswered = () => {}): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      unanswered();
      if (error instanceof KinesisServiceException || attempt === attemptsMax) throw error;
      await sleep(pauseMs);
    }
  }
}

const pauseMs = 50;
const attemptsMax = 15_000 / pauseMs;
