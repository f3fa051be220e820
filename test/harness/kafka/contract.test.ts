import { kafkaContract } from '../../env/kafka-contract.ts';
import { fakeBrokers } from './fake-brokers.ts';

kafkaContract('fake brokers', async () => fakeBrokers(1).tested, { hasFaults: true });

// Nothing of the contract is due to everything happening at once.
const slow = { clientDelayMax: 20, peerDelayMax: 30, controllerDelayMax: 100 };
kafkaContract('fake brokers far apart', async () => fakeBrokers(2, slow).tested, { hasFaults: true });
