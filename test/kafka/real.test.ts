import { after, test } from 'node:test';
import { kafkaContract } from '../env/kafka-contract.ts';
import { isLong } from '../length.ts';
import { adapterSuite } from './adapter-suite.ts';
import { controlSuite } from './control-suite.ts';
import { deliveriesSuite } from './deliveries-suite.ts';
import { faultsSuite } from './faults-suite.ts';
import { foreignSuite } from './foreign-suite.ts';
import { producerSuite } from './producer-suite.ts';
import { realCluster } from './real-cluster.ts';
import { recordsSuite } from './records-suite.ts';
import { securedSuite } from './secured-suite.ts';
import { tortureSuite } from './torture-suite.ts';

// All that needs three real brokers, one after the other: `npm test` pays for their start once.
const cluster = await realCluster();

if (typeof cluster === 'string') {
  test('real Kafka brokers', { skip: cluster }, () => {});
} else {
  after(() => cluster.destroy());
  kafkaContract('real brokers', async () => cluster.tested, { hasFaults: isLong });
  adapterSuite(cluster);
  securedSuite(cluster);
  faultsSuite(cluster);
  recordsSuite(cluster);
  foreignSuite(cluster);
  producerSuite(cluster);
  controlSuite(cluster);
  deliveriesSuite(cluster);
  tortureSuite(cluster);
}
