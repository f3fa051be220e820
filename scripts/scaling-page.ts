// Writes docs/scaling.md from what was measured and what is asked for it: `npm run docs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../harness/statistics.ts';

const root = join(import.meta.dirname, '..');

export const scalingPath = join(root, 'docs/scaling.md');

/** What the benchmark measured on three brokers and a gateway, by its scenarios, in several rounds. */
type Measured = {
  readonly date: string;
  readonly command: string;
  readonly machine: { readonly processor: string; readonly cores: number };
  readonly runs: readonly {
    readonly scenario: string;
    readonly figures: Readonly<Record<string, number>>;
  }[];
};

/** What a cluster takes. */
type Units = {
  readonly measured: string;
  /** CPU for a megabyte of records of 1 KiB that are put, in milliseconds: of the gateway, of all brokers. */
  readonly gatewayMsPerMB: number;
  readonly brokersMsPerMB: number;
  readonly gatewayRestMB: number;
  /** What a gateway grows by with 1,000 shards, and with 1,000 connections. */
  readonly gatewayMBPer1000Shards: number;
  readonly gatewayMBPer1000Connections: number;
  /** What 1,000 new shards are in the logs of the control plane. */
  readonly controlBytesPer1000Shards: number;
  /** From CreateStream of 1,000 shards until it is ACTIVE. */
  readonly streamMsPer1000Shards: number;
  /** What one gateway writes to the control plane to say that it is there. */
  readonly heartbeatMBPerHour: number;
};

function unitsIn({ date, command, machine, runs }: Measured): Units {
  const figuresOf = (scenario: string) => {
    const all = runs.filter((run) => run.scenario === scenario).map(({ figures }) => figures);
    const names = Object.keys(all[0]!);
    return Object.fromEntries(names.map((name) => [name, median(all.map((each) => each[name]!))]));
  };
  const units = figuresOf('kafka-units');
  const idle = figuresOf('kafka-idle');
  return {
    measured: `${machine.cores} cores of an ${machine.processor}, ${date.slice(0, 10)}, load average ${Math.round(units['loadAverage']!)}: \`${command}`,
    gatewayMsPerMB: units['putPerMegabyteMs']!,
    brokersMsPerMB: units['brokersPerMegabyteMs']!,
    gatewayRestMB: idle['residentMegabytes']!,
    gatewayMBPer1000Shards: units['shardsMegabytes']!,
    gatewayMBPer1000Connections: units['connectionsMegabytes']!,
    controlBytesPer1000Shards: units['shardsJournalBytes']!,
    streamMsPer1000Shards: units['streamMs']!,
    heartbeatMBPerHour: idle['heartbeatMegabytes']!,
  };
}

/** Published guidance on brokers, with where it is from. */
const guidance = {
  /** Megabytes a second that producers may bring to one broker, replication on top: conservative. */
  ingestPerBroker: 80,
  /** Replicas of partitions on a broker (KIP-578), and what operators of KRaft clusters go to. */
  replicasPerBroker: { classic: 4_000, kraft: 10_000 },
  /** The part of a core that is used at most. */
  utilisation: 0.5,
};

const megabytesPerSecond = 1_000;
const shardsLarge = 100_000;
const connectionsLarge = 100_000;
const readers = 2;

export function scalingPage(): string {
  const units = unitsIn(JSON.parse(readFileSync(join(root, 'bench/scaling-units.json'), 'utf8')));
  const prices = JSON.parse(readFileSync(join(root, 'scripts/prices.json'), 'utf8'));
  return [
    opening(units),
    throughput(units),
    shards(units),
    connections(units),
    money(units, prices),
    limits,
  ].join('\n');
}

function opening({ measured }: Units): string {
  return `# What a larger cluster takes

Millrace on Kafka ([kafka.md](kafka.md)) was measured with three brokers and a gateway on one small machine; nobody has run it with what stands on this page. The page multiplies what was measured
(\`bench/scaling-units.json\`: ${measured}\`) by what is asked for, adds what operators of Kafka publish, and says where that stops being true. It is written by \`npm run docs\`.
`;
}

/** CPU in cores, at the utilisation that is allowed. */
function coresFor(msPerMB: number): number {
  return (msPerMB / 1000) * (megabytesPerSecond / guidance.utilisation);
}

function throughput(units: Units): string {
  const puts = coresFor(units.gatewayMsPerMB);
  const reads = coresFor(units.gatewayMsPerMB * readers);
  const brokersByBytes = Math.ceil(megabytesPerSecond / guidance.ingestPerBroker);
  const brokerCores = coresFor(units.brokersMsPerMB);
  return `## 1 GB/s of records of 1 KiB, read by two consumers

| | needs | from |
|---|---|---|
| gateways, puts | ${number(puts)} cores | ${number(units.gatewayMsPerMB)} ms of CPU a MB, at most ${guidance.utilisation * 100} % used |
| gateways, reads at the tip | ${number(reads)} cores | not measured on Kafka: counted as much as puts, for each reader |
| brokers | ${brokersByBytes}, and ${number(brokerCores)} cores in all | ${guidance.ingestPerBroker} MB/s that producers bring to each; ${number(units.brokersMsPerMB)} ms of CPU a MB over three replicas |
| network | 1 GB/s from clients, ${number((2 / 3) * 1.0)} from front gateways to owners in other zones, ${number(2 / 3)} to leaders in other zones, 2 between brokers, 2 to readers | replication 3 over three zones |
| shards | 1,000 at least | 1 MB/s each, as at AWS |

What one gateway can take beyond two cores was not measured: its first thread has all appends of the shards that it owns, and workers help it with everything before. Many small gateways are the safe shape.
`;
}

function shards(units: Units): string {
  const thousands = shardsLarge / 1000;
  const replicas = shardsLarge * 3;
  const { classic, kraft } = guidance.replicasPerBroker;
  return `## 100,000 shards

| | needs | from |
|---|---|---|
| brokers | ${Math.ceil(replicas / classic)} by the classic guidance, ${Math.ceil(replicas / kraft)} by what KRaft clusters are run with | 300,000 replicas, ${number(classic)} or ${number(kraft)} on a broker; \`vm.max_map_count\` of a million or more |
| each gateway | ${number(units.gatewayRestMB + units.gatewayMBPer1000Shards * thousands)} MB of memory | ${number(units.gatewayMBPer1000Shards)} MB for 1,000 shards, on top of ${number(units.gatewayRestMB)} |
| control plane | ${number((units.controlBytesPer1000Shards * thousands) / 1e6)} MB in its logs, read at every start | ${number(units.controlBytesPer1000Shards / 1000)} kB for 1,000 shards |
| heartbeats of 20 gateways | ${number(units.heartbeatMBPerHour * 20)} MB an hour | ${number(units.heartbeatMBPerHour * 1000)} kB each |
| creation | ${number((units.streamMsPer1000Shards * thousands) / 1000)} seconds, one stream after the other | ${number(units.streamMsPer1000Shards)} ms for a stream of 1,000 shards until it is ACTIVE |

What bounds it are **partitions, not bytes**. A shard takes 1 MB/s, a partition could take a hundred. Streams that need few shards cost Kafka nothing; 100,000 shards are for clusters of several dozen brokers. One deployment has one
cluster of Kafka today; several deployments, a stream here and a stream there, are the way around. AWS's own default quota is 20,000 shards.
`;
}

function connections(units: Units): string {
  const memory = (units.gatewayMBPer1000Connections * connectionsLarge) / 1000;
  return `## 100,000 connections

${number(memory)} MB over all gateways (${number(units.gatewayMBPer1000Connections)} MB for 1,000 that are at rest), so ${Math.ceil(connectionsLarge / 10_000)} gateways at 10,000 each, the bound of a process; \`ulimit -n\` above that. Subscriptions cost more: each has its own share of the tip's reads.
`;
}

type Prices = {
  readonly read: string;
  readonly region: string;
  readonly hoursPerMonth: number;
  readonly kinesis: {
    readonly source: string;
    readonly shardHour: number;
    readonly putUnits: { readonly perMillion: number; readonly bytes: number };
    readonly fanOut: { readonly consumerShardHour: number; readonly perGB: number };
    readonly standard: { readonly streamHour: number; readonly inPerGB: number; readonly outPerGB: number };
    readonly advantage: { readonly inPerGB: number; readonly outPerGB: number };
  };
  readonly machine: {
    readonly source: string;
    readonly name: string;
    readonly cores: number;
    readonly hour: number;
  };
  readonly disk: { readonly source: string; readonly gigabyteMonth: number };
  readonly acrossZones: { readonly source: string; readonly perGB: number };
};

function money(units: Units, prices: Prices): string {
  const { kinesis, machine, disk, acrossZones, hoursPerMonth: hours } = prices;
  const gigabytes = hours * 3600;
  const putUnits = (bytes: number) => ((gigabytes * 1e9) / bytes / 1e6) * kinesis.putUnits.perMillion;
  const provisioned = 1000 * kinesis.shardHour * hours;
  const fanOut =
    readers * (1000 * kinesis.fanOut.consumerShardHour * hours + gigabytes * kinesis.fanOut.perGB);
  const onDemand = ({ inPerGB, outPerGB }: { inPerGB: number; outPerGB: number }) =>
    gigabytes * (inPerGB + readers * outPerGB);
  const cores = coresFor(units.gatewayMsPerMB * (1 + readers)) + coresFor(units.brokersMsPerMB);
  const machines = Math.max(
    Math.ceil(cores / machine.cores),
    Math.ceil(megabytesPerSecond / guidance.ingestPerBroker),
  );
  const compute = machines * machine.hour * hours;
  const disks = 86_400 * 3 * disk.gigabyteMonth;
  const replication = gigabytes * 2 * acrossZones.perGB;
  const toLeaders = gigabytes * (2 / 3) * acrossZones.perGB;
  const toOwners = gigabytes * (2 / 3) * acrossZones.perGB;
  const whole = compute + disks + replication + toLeaders + toOwners;
  const row = (name: string, usd: number, from: string) =>
    `| ${name} | ${number(Math.round(usd / 100) * 100)} | ${from} |\n`;
  return `## What it costs: 1 GB/s, a day of retention, two consumers, a month

List prices in USD, ${prices.region}, read ${prices.read} (\`scripts/prices.json\`; ${kinesis.source}). Look them up before you decide.

| | USD a month | from |
|---|---|---|
${row('AWS, provisioned, records aggregated to 25 KB', provisioned + putUnits(kinesis.putUnits.bytes), `1,000 shards ${number(Math.round(provisioned))}; PUT units ${number(Math.round(putUnits(kinesis.putUnits.bytes)))}; two consumers share 2 MB/s a shard for nothing`)}${row('AWS, provisioned, records of 1 KiB by themselves', provisioned + putUnits(1024), `PUT units ${number(Math.round(putUnits(1024)))}`)}${row('the same with enhanced fan-out for both consumers', provisioned + putUnits(1024) + fanOut, `fan-out ${number(Math.round(fanOut))}`)}${row('AWS, on-demand Advantage (estimate)', onDemand(kinesis.advantage), 'in and twice out')}${row('AWS, on-demand Standard', onDemand(kinesis.standard), 'in and twice out')}${row('Millrace on Kafka in AWS, three zones', whole, `${machines} machines (${machine.name}) ${number(Math.round(compute))}; disks ${number(Math.round(disks))}; bytes between zones: replicas ${number(Math.round(replication))}, to leaders ${number(Math.round(toLeaders))}, to owners ${number(Math.round(toOwners))}`)}${row('Millrace on Kafka on machines and lines of your own', compute + disks, 'the same machines and disks at those prices, and no bill between zones')}
To be honest about it: in AWS's own zones Kinesis in provisioned mode is cheaper than Kafka, by far if records are aggregated, and also with enhanced fan-out: Kafka pays for bytes between zones, and Kinesis does not. Only on-demand Standard
costs more than what is above. Millrace on Kafka pays where nobody bills bytes between zones: on hardware of your own. On one machine, without zones, nothing of this applies.
`;
}

const limits = `## Where this page stops being true

- Two cores were shared by three brokers, the gateway and the load; CPU a MB is what a busy machine measured, brokers with a small heap among them.
- Nobody ran 1 GB/s, 100,000 shards or 100,000 connections. What grows faster than in proportion would not show here: the controllers' metadata, N² connections between gateways, snapshots of the control plane.
- Brokers were not far apart: between zones an acknowledgement takes one or two milliseconds more.
`;

function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
}

if (import.meta.main) writeFileSync(scalingPath, scalingPage());
