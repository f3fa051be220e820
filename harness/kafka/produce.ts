import type { PartitionOf, ProduceAnswer, ProduceRequest } from '../../src/env/kafka.ts';
import type { Broker } from './broker.ts';
import { errorCodes } from './error-codes.ts';
import type { Appended, Replica } from './replica.ts';

type Waiting = { readonly replica: Replica; readonly index: number; readonly appended: Appended };

/** Appends at once what can be, and answers when all of it is in all replicas in sync, or time is up. */
export function produce(
  broker: Broker,
  { timeoutMs, batches }: ProduceRequest,
): Promise<readonly ProduceAnswer[]> {
  const answers: ProduceAnswer[] = batches.map((batch) => answerOf(batch));
  const waiting: Waiting[] = [];
  batches.forEach(({ bytes, ...of }, index) => {
    const replica = broker.replicaOf(of);
    if (typeof replica === 'number') {
      answers[index] = answerOf(of, { error: replica });
      return;
    }
    const appended = replica.append(bytes);
    if (appended.error === errorCodes.none) {
      broker.surroundings.appended(of.topic);
      waiting.push({ replica, index, appended });
    } else answers[index] = answerOf(of, { error: appended.error });
  });
  return new Promise((resolve) => {
    let left = waiting.length;
    const over = new AbortController();
    const settle = ({ replica, index, appended }: Waiting, error: number) => {
      // With an error, too: the batch is there, and nobody knows whether it stays.
      const { first, appendedAt } = appended;
      answers[index] = answerOf(batches[index]!, { error, first, appendedAt, start: replica.log.start });
      if (--left === 0) {
        over.abort(null);
        resolve(answers);
      }
    };
    if (left === 0) return resolve(answers);
    const looks = waiting.map((each) => {
      let isSettled = false;
      const look = () => {
        const error = isSettled ? undefined : each.replica.settled(each.appended.end);
        if (error !== undefined) {
          isSettled = true;
          settle(each, error);
        }
        return isSettled;
      };
      const giveUp = () => {
        each.replica.unwatch(look);
        if (!isSettled) settle(each, errorCodes.requestTimedOut);
        isSettled = true;
      };
      return { replica: each.replica, look, giveUp };
    });
    for (const { replica, look } of looks) replica.watch(look);
    const giveUp = () => {
      for (const each of looks) each.giveUp();
    };
    if (left > 0) broker.after(Math.max(0, timeoutMs), giveUp, over.signal);
  });
}

function answerOf(
  { topic, partition }: PartitionOf,
  { error = errorCodes.none, first = -1, appendedAt = -1, start = -1 }: Partial<ProduceAnswer> = {},
): ProduceAnswer {
  return { topic, partition, error, first, appendedAt, start };
}
