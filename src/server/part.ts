import type { Member } from '../cluster/members.ts';
import { placedHere } from '../cluster/placed-here.ts';
import type { Placement } from '../cluster/placement.ts';
import type { Env } from '../env/env.ts';
import type { DeliverySightsElsewhere } from '../gateway/delivery-sights.ts';
import type { Health } from '../gateway/health.ts';
import type { LeaseTablesElsewhere } from '../gateway/lease-tables-elsewhere.ts';
import type { ServerMeter } from '../gateway/server-meter.ts';
import type { Engine } from '../log/log.ts';
import type { MetricStore } from '../services/cloudwatch/metrics/metric-store.ts';
import type { SightsElsewhere } from '../services/lambda/mappings/mapping-sight.ts';
import { type Background, runInBackground, type Tick } from '../stream/background.ts';
import { Load } from '../stream/load.ts';
import type { MeterReadings } from '../stream/meter/counts.ts';
import { SubscriptionTable } from '../stream/subscriptions.ts';
import type { Gateway } from './gateway.ts';
import type { GatewayParts, ServedData } from './gateway-parts.ts';

/** What of the work is a server's: all of it on one machine, its share of it in a cluster. */
export interface Part extends AsyncDisposable {
  /** What only work in the background asks. */
  readonly engine: Engine;
  /** What calls are carried out on. */
  readonly parts: Pick<GatewayParts, 'log' | 'load' | 'subscriptions' | 'throttle'>;
  /** The load to scale by. */
  readonly load: Load;
  readonly health: () => Health;
  /** The gateways of the cluster that are there, this one first; none where there is no cluster. */
  readonly gateways: () => readonly Member[];
  /** What lease tables other gateways have of an account and region. Never rejects. */
  readonly leaseTablesElsewhere: LeaseTablesElsewhere;
  /** Whether what services keep is held here. */
  readonly holdsTables: () => boolean;
  /** Which mappings of Lambda, and which deliveries, run here, of those that run. */
  readonly placement: Placement;
  /** What other gateways tell of those that run there. */
  readonly sightsElsewhere: SightsElsewhere;
  /** What other gateways tell of deliveries. */
  readonly deliveriesElsewhere: DeliverySightsElsewhere;
  /** Runs ticks, those of each kind while they are this server's to run. */
  runInBackground(ticks: Ticks): Background;
  /** What services keep, as calls here may have it. */
  serving(served: ServedData): Pick<GatewayParts, 'served' | 'held'>;
  /** Where metrics are put that this server counts. `own` are those of its own CloudWatch. */
  metrics(own: () => Promise<MetricStore>): Pick<MetricStore, 'put'>;
  /** What is counted here and elsewhere. `own` is what this server's threads count. */
  readings(own: ServerMeter): MeterReadings;
  /** Takes up its part: tables are read, and other servers are answered. */
  begin(gateway: Gateway, served: ServedData, meter: ServerMeter): void;
  /** Ends answers that would not end by themselves. */
  endAnswers(): void;
}

/** What is to be done about streams and keys, and about what services keep. */
export type Ticks = { readonly data: readonly Tick[]; readonly services: readonly Tick[] };

/** The part of a server that is alone. */
export function partAlone(engine: Engine, { clock, logger }: Pick<Env, 'clock' | 'logger'>): Part {
  const load = new Load();
  const subscriptions = new SubscriptionTable(clock);
  return {
    engine,
    parts: { log: engine, load, subscriptions },
    load,
    health: () => 'ok',
    gateways: () => [],
    leaseTablesElsewhere: async () => [],
    holdsTables: () => true,
    placement: placedHere,
    sightsElsewhere: async () => new Map(),
    deliveriesElsewhere: async () => [],
    runInBackground: ({ data, services }) => runInBackground([...data, ...services], clock, logger),
    serving: (served) => ({ served }),
    metrics: (own) => ({ put: async (data) => (await own()).put(data) }),
    readings: (own) => own,
    begin: (_, { tables }) => tables.begin(),
    endAnswers: () => subscriptions.close(),
    async [Symbol.asyncDispose]() {},
  };
}
