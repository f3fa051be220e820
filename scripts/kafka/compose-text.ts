import { fixedPorts } from '../../harness/brokers/broker-ports.ts';
import { type BrokerSettings, brokerSettings } from '../../harness/brokers/broker-settings.ts';

const opening = `# Three Kafka brokers for those who have Docker: what \`npm run kafka -- up\` starts with Java and Maven, with the
# same settings on the same ports. \`npm run docs\` writes this file.
#
#   docker compose up --wait           clients begin at 127.0.0.1:19092,127.0.0.1:29092,127.0.0.1:39092
#   docker compose kill broker2        ends a broker with kill -9; \`docker compose start broker2\` starts it again
#   docker compose pause broker2       stops it in the middle of what it does; \`unpause\` lets it go on
#   docker compose down --volumes      ends all three and removes their data
`;

/** The file for Docker Compose, from the settings that the command starts brokers with. */
export function composeText(): string {
  const ids = fixedPorts.map((_, index) => index + 1);
  const volumes = ids.map((id) => `  data${id}:\n`).join('');
  return `${opening}services:\n${ids.map(service).join('')}volumes:\n${volumes}`;
}

/** The version of Kafka, as harness/brokers/pom.xml has it: a test compares them. */
const image = 'apache/kafka:4.4.0';

/** Any 16 bytes in base64, the same for all three. */
const clusterId = 'bWlsbHJhY2UtYnJva2Vycw';

function service(id: number): string {
  const { clients } = fixedPorts[id - 1]!;
  const environment = Object.entries(containerSettings(id))
    .map(([name, value]) => `      ${variableOf(name)}: ${quoted(value)}\n`)
    .join('');
  return `  broker${id}:
    image: ${image}
    hostname: broker${id}
    ports:
      - 127.0.0.1:${clients}:${clients}
    volumes:
      - data${id}:${dataFolder}
    healthcheck:
      test: nc -z localhost ${clients}
      interval: 5s
      timeout: 20s
      retries: 20
    environment:
      CLUSTER_ID: ${quoted(clusterId)}
${environment}`;
}

/** As brokers are started by the command, but for where they listen: for each other, by name. */
export function containerSettings(id: number): BrokerSettings {
  const { clients } = fixedPorts[id - 1]!;
  const voters = fixedPorts.map((_, index) => `${index + 1}@broker${index + 1}:${amongControllers}`);
  return {
    ...brokerSettings({ ports: fixedPorts, extra: {} }, id, dataFolder),
    listeners: `PLAINTEXT://:${clients},BROKERS://:${amongBrokers},CONTROLLER://:${amongControllers}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${clients},BROKERS://broker${id}:${amongBrokers}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,BROKERS:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'BROKERS',
    'controller.quorum.voters': voters.join(','),
  };
}

const dataFolder = '/var/lib/kafka/data';
const amongBrokers = 9094;
const amongControllers = 9093;

/** As the image takes a setting (Kafka's documentation, "Docker"): dots are one underscore. */
function variableOf(setting: string): string {
  return `KAFKA_${setting.toUpperCase().replaceAll('.', '_')}`;
}

function quoted(value: string): string {
  return `"${value}"`;
}
