/** Where a broker listens: for clients, and for the quorum of controllers. */
export type BrokerPorts = {
  readonly clients: number;
  readonly quorum: number;
  /** Where other brokers come if the ways between them can be cut (`BrokerRoutes`); else as clients do. */
  readonly peers?: number;
  /** For clients that come another way. */
  readonly more?: readonly MoreListener[];
};

/** `protocol` is Kafka's security protocol: `SASL_SSL`. */
export type MoreListener = {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  /** The port that clients of this listener are told, when their way leads by another one (`Way`). */
  readonly advertised?: number;
};

export type BrokerPlan = {
  /** One for each broker; broker n is the n-th, from 1. */
  readonly ports: readonly BrokerPorts[];
  /** For all brokers besides: other listeners, who may connect. */
  readonly extra: BrokerSettings;
};

export type BrokerSettings = Readonly<Record<string, string>>;

/** The availability zone that a broker says it is in. */
export function rackOf(id: number): string {
  return `az${id}`;
}

/**
 * The settings of broker `id` (Kafka's documentation, "Broker Configs"): broker and controller in one
 * process, for clients on loopback.
 */
export function brokerSettings(plan: BrokerPlan, id: number, folder: string): BrokerSettings {
  return {
    'process.roles': 'broker,controller',
    'node.id': String(id),
    'broker.rack': rackOf(id),
    ...listening(plan.ports, id),
    'log.dirs': folder,
    ...durability(plan.ports.length),
    ...limits,
    ...failover,
    ...plan.extra,
  };
}

function listening(all: readonly BrokerPorts[], id: number): BrokerSettings {
  const { clients, quorum, peers, more = [] } = all[id - 1]!;
  const plain: MoreListener = { name: 'PLAINTEXT', protocol: 'PLAINTEXT', port: clients };
  const forClients = [plain, ...more];
  const here = forClients.map(({ name, port }) => `${name}://127.0.0.1:${port}`);
  const hasPeers = peers !== undefined;
  const named = (other: number) => (hasPeers ? `broker${other}` : '127.0.0.1');
  const controller = `CONTROLLER://127.0.0.1:${quorum}`;
  const protocols = forClients.map(({ name, protocol }) => `${name}:${protocol}`);
  return {
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': all
      .map((ports, index) => `${index + 1}@${named(index + 1)}:${ports.quorum}`)
      .join(','),
    listeners: [...here, controller, ...(hasPeers ? [`PEERS://127.0.0.1:${peers}`] : [])].join(','),
    'advertised.listeners': [
      ...forClients.map(({ name, port, advertised = port }) => `${name}://127.0.0.1:${advertised}`),
      ...(hasPeers ? [`PEERS://broker${id}:${peers}`, `CONTROLLER://broker${id}:${quorum}`] : []),
    ].join(','),
    'listener.security.protocol.map': [
      ...protocols,
      'CONTROLLER:PLAINTEXT',
      ...(hasPeers ? ['PEERS:PLAINTEXT'] : []),
    ].join(','),
    'inter.broker.listener.name': hasPeers ? 'PEERS' : 'PLAINTEXT',
  };
}

/** A cluster of one, which some tests use, cannot keep three copies. */
function durability(brokers: number): BrokerSettings {
  const copies = String(Math.min(3, brokers));
  const inSync = String(Math.min(2, brokers));
  return {
    'auto.create.topics.enable': 'false',
    'default.replication.factor': copies,
    'min.insync.replicas': inSync,
    'unclean.leader.election.enable': 'false',
    'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
  };
}

/** Records of 10 MiB go through, and the threads are those of a small machine. */
const limits: BrokerSettings = {
  'message.max.bytes': '12582912',
  'replica.fetch.max.bytes': '12582912',
  'offsets.topic.num.partitions': '3',
  'transaction.state.log.num.partitions': '3',
  'num.network.threads': '2',
  'num.io.threads': '3',
  'background.threads': '2',
  'log.cleaner.threads': '1',
  'log.cleaner.dedupe.buffer.size': '4194304',
  'log.retention.check.interval.ms': '5000',
  'group.initial.rebalance.delay.ms': '0',
};

/**
 * A broker that is gone is replaced after 2 s instead of 9 s, one that lags leaves after 5 s, not 30 s. When
 * it led the controllers, they first miss it for 1 s, not 2 s, and elect another: puts go on within 5 s.
 */
const failover: BrokerSettings = {
  'broker.heartbeat.interval.ms': '400',
  'broker.session.timeout.ms': '2000',
  'replica.lag.time.max.ms': '5000',
  'controller.quorum.fetch.timeout.ms': '1000',
  'controller.quorum.election.timeout.ms': '500',
};

/** As a file of Java's properties says them, which is of Latin-1 alone. */
export function propertiesText(settings: BrokerSettings): string {
  const escaped = (text: string) =>
    text
      .replaceAll('\\', '\\\\')
      .replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${escaped(value)}\n`)
    .join('');
}
