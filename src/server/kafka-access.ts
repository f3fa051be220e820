import type { KafkaSasl, KafkaSettings, KafkaTls } from '../env/kafka.ts';
import { readSecret } from '../env/secret-source.ts';
import { StartError } from '../env/start-error.ts';
import { readPrivateFile, readUserFile } from '../env/user-file.ts';
import type { KafkaOptions } from './kafka-options.ts';
import { version } from './version.ts';

/** How a server introduces itself to brokers. Rejects with `StartError` for what cannot be read. */
export async function kafkaSettingsOf(options: KafkaOptions): Promise<KafkaSettings> {
  return {
    clientId: `millrace-${version}`,
    tls: await tlsOf(options),
    sasl: await saslOf(options),
  };
}

async function tlsOf(options: KafkaOptions): Promise<KafkaTls | undefined> {
  const { kafkaTls, kafkaCa, kafkaCertificate, kafkaKey } = options;
  if (!kafkaTls && kafkaCa === undefined && kafkaCertificate === undefined) return undefined;
  const authorities =
    kafkaCa === undefined ? undefined : String(await readUserFile(kafkaCa).catch(unreadable('kafka-ca')));
  if (kafkaCertificate === undefined || kafkaKey === undefined) return { authorities, own: undefined };
  const certificate = String(await readUserFile(kafkaCertificate).catch(unreadable('kafka-certificate')));
  const key = await readPrivateFile(kafkaKey).catch(unreadable('kafka-key'));
  return { authorities, own: { certificate, key } };
}

function unreadable(flag: string): (cause: unknown) => never {
  return (cause) => {
    throw new StartError(`--${flag}: ${(cause as Error).message}`, { cause });
  };
}

const mechanisms = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;

/** The secret is read once for certain, so that a start says what is wrong with it. */
async function saslOf({
  kafkaSasl,
  kafkaUser,
  kafkaPassword,
  kafkaToken,
}: KafkaOptions): Promise<KafkaSasl | undefined> {
  if (kafkaSasl === undefined) return undefined;
  if (kafkaSasl === 'oauthbearer') {
    const token = () => oneLine('kafka-token', kafkaToken!);
    await token();
    return { mechanism: 'OAUTHBEARER', token };
  }
  const password = () => oneLine('kafka-password', kafkaPassword!);
  await password();
  return { mechanism: mechanisms[kafkaSasl], user: kafkaUser!, password };
}

/** As editors and commands end a line. */
async function oneLine(flag: string, source: string): Promise<string> {
  const { text, where } = await readSecret(flag, source);
  const line = text.replace(/\r?\n$/, '');
  if (line === '') throw new StartError(`--${flag}: there is nothing in ${where}`);
  return line;
}
