import { StartError } from '../env/start-error.ts';
import { type PlaceOptions, placeIn } from '../http/places.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { defaultKafkaOptions, type KafkaOptions } from './kafka-options.ts';
import { kafkaSettings } from './kafka-settings.ts';
import { listenerForm, type MetricsOptions } from './metrics-options.ts';
import { engineOf, type ServerOptions } from './options.ts';

/** Throws `StartError` when options do not fit to each other. */
export function requireFitting(
  options: KafkaOptions &
    ArchiveOptions &
    Pick<ServerOptions, 'engine' | 'memory' | 'rootKey' | 'segmentBytes'> &
    Partial<Pick<MetricsOptions, 'metrics'> & Pick<PlaceOptions, 'listen'>>,
): void {
  if (options.archive !== undefined) requireForArchive(options);
  requireListener(options);
  if (engineOf(options) === 'kafka') requireForKafka(options);
  else requireNone(options);
}

function requireForArchive(options: Pick<ServerOptions, 'engine' | 'memory' | 'segmentBytes'>): void {
  if (engineOf(options) !== 'embedded') throw new StartError('--archive is for --engine embedded');
  if (options.segmentBytes <= archivedBytesMax) return;
  throw new StartError(`--archive takes --segment-bytes of at most ${archivedBytesMax}`);
}

/** Metrics for a listener that is not there would be for nobody. */
function requireListener({
  metrics,
  listen,
}: Partial<Pick<MetricsOptions, 'metrics'> & Pick<PlaceOptions, 'listen'>>): void {
  const [, name] = listenerForm.exec(metrics ?? '') ?? [];
  if (name === undefined) return;
  const names = (listen ?? '').split(',').map((text) => placeIn(text)?.name);
  if (!names.includes(name)) throw new StartError(`--metrics ${metrics} needs --listen ${name}=ADDRESS:PORT`);
}

/** A segment is in memory while it is uploaded. */
const archivedBytesMax = 64 * 1024 * 1024;

function requireForKafka(options: KafkaOptions & Pick<ServerOptions, 'rootKey'>): void {
  if (options.brokers === undefined) throw new StartError('--engine kafka needs --brokers');
  if (options.rootKey === undefined) {
    throw new StartError('--engine kafka needs --root-key: all servers of a cluster have the same one');
  }
  requireCredentials(options);
  const { kafkaCertificate, kafkaKey } = options;
  if ((kafkaCertificate === undefined) !== (kafkaKey === undefined)) {
    throw new StartError('--kafka-certificate and --kafka-key are given together');
  }
}

function requireNone(options: KafkaOptions): void {
  const names = Object.keys(defaultKafkaOptions) as (keyof KafkaOptions)[];
  const said = names.find((name) => options[name] !== defaultKafkaOptions[name]);
  if (said !== undefined) throw new StartError(`--${kafkaSettings[said].flag} is for --engine kafka`);
}

function requireCredentials({ kafkaSasl, kafkaUser, kafkaPassword, kafkaToken }: KafkaOptions): void {
  const given = { 'kafka-user': kafkaUser, 'kafka-password': kafkaPassword, 'kafka-token': kafkaToken };
  const wanted = wantedBy(kafkaSasl);
  for (const [flag, value] of Object.entries(given)) {
    const isWanted = wanted.includes(flag);
    if (isWanted && value === undefined) throw new StartError(`--kafka-sasl ${kafkaSasl} needs --${flag}`);
    if (isWanted || value === undefined) continue;
    if (kafkaSasl === undefined) throw new StartError(`--${flag} needs --kafka-sasl`);
    throw new StartError(`--kafka-sasl ${kafkaSasl} has no use for --${flag}`);
  }
}

function wantedBy(mechanism: KafkaOptions['kafkaSasl']): readonly string[] {
  if (mechanism === undefined) return [];
  return mechanism === 'oauthbearer' ? ['kafka-token'] : ['kafka-user', 'kafka-password'];
}
