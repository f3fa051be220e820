import { suite, test } from 'node:test';
import { Brokers, type KafkaUnderTest } from './kafka/brokers-under-test.ts';
import { connectionsContract, faultsContract } from './kafka/faults-contract.ts';
import { fetchContract } from './kafka/fetch-contract.ts';
import { offsetsContract } from './kafka/offsets-contract.ts';
import { produceContract } from './kafka/produce-contract.ts';
import { topicsContract } from './kafka/topics-contract.ts';

/** A test that brokers pass: its name, and what it does with them. */
export type TestOfBrokers = (name: string, play: (brokers: Brokers) => Promise<void>) => void;

/**
 * What everything that speaks for brokers keeps. `start` is called for each test, and may answer the same
 * brokers each time; with `hasFaults`, they can be hurt.
 */
export function kafkaContract(
  name: string,
  start: () => Promise<KafkaUnderTest>,
  { hasFaults }: { readonly hasFaults: boolean },
): void {
  let tests = 0;
  const testOfBrokers: TestOfBrokers = (sentence, play) => {
    const prefix = `contract-${++tests}`;
    test(sentence, async () => {
      const tested = await start();
      await tested.play(async () => {
        const brokers = new Brokers(tested, prefix);
        try {
          await play(brokers);
        } finally {
          await brokers.close();
        }
      });
    });
  };
  suite(`${name} keep the contract of brokers`, () => {
    topicsContract(testOfBrokers);
    produceContract(testOfBrokers);
    fetchContract(testOfBrokers);
    offsetsContract(testOfBrokers);
    connectionsContract(testOfBrokers);
    if (hasFaults) faultsContract(testOfBrokers);
  });
}
