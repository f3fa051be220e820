import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { after, suite, test } from 'node:test';
import { kafkaFaults } from '../../torture/kafka/kafka-faults.ts';
import { run } from '../../torture/runner.ts';
import { Workshop } from '../../torture/workshop.ts';
import { isLong } from '../length.ts';
import type { RealCluster } from './real-cluster.ts';

/** A slice of `npm run torture -- --engine kafka`, on the brokers that are there already. */
export function tortureSuite(cluster: RealCluster): void {
  suite('several gateways', () => {
    const workshop = new Workshop(tmpdir());
    after(() => {
      workshop.close();
      return cluster.heal();
    });
    const faults = kafkaFaults(async () => cluster.tortured());
    for (const name of isLong ? long : short) {
      const fault = faults.find((each) => each.name === `kafka-${name}`)!;
      test(`nothing acknowledged is lost and no promise broken: ${fault.title}`, async (context) => {
        const measure = { rounds: 1, seconds: Number.POSITIVE_INFINITY };
        const { skipped, violations, acknowledged, figures } = await run(
          fault,
          workshop,
          1,
          measure,
          () => {},
        );
        if (skipped !== undefined) return context.skip(skipped);
        context.diagnostic(`${acknowledged} records acknowledged; ${figures}`);
        assert.deepEqual(violations, []);
        assert.ok(acknowledged > 0);
      });
    }
  });
}

const short = ['pause-broker'];
const long = [
  'kill-gateway',
  'pause-gateway',
  'blink-gateway',
  'cut-peers',
  'roll-gateways',
  ...short,
  'cut-broker',
];
