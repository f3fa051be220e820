import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'vmware-go-kcl-v2',
  version: '1.0.0',
  from: 'the Go module proxy',
  runs:
    'workers, polling and with enhanced fan-out, that steal leases of each other, over a split; one of them is ' +
    'killed, and another comes',
  configuration: [
    environmentAlone,
    {
      where: 'Program',
      language: 'go',
      lines: `config.NewKinesisClientLibConfig("billing", "orders", "us-east-1", "worker-1").
	WithInitialPositionInStream(config.TRIM_HORIZON).
	WithEnhancedFanOutConsumerName("billing") // only for fan-out`,
    },
  ],
  remarks: [
    'It waits for one parent of a shard only: after a merge, records of one key can come before earlier ones of the other parent.',
    'Two workers that begin at once both make the table of leases, and one of them ends for it: begin with one.',
    'Its CloudWatch metrics cannot be pointed anywhere; leave them out, or take its Prometheus.',
  ],
  toolchain: [['go', 'version']],
};
