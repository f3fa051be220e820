import type { LogFields, Logger } from '../src/env/logger.ts';

/**
 * Texts that no output may hold. What makes clients, requests and records for tests takes its secrets from
 * here, so that all of them sing if a log, an error or an audit record lets one out.
 */
export const canaries = {
  /** A user's secret access key, with what has to be escaped here and there. */
  secretAccessKey: 'CANARY/secret+access/key=ZmlnaHQ',
  /** A session's token. */
  sessionToken: 'CANARYsessionTokenTm90VG9CZVNlZW4=',
  /** A signature, of a server that does not verify any. */
  signature: 'ca4a12e5'.repeat(8),
  /** What is in a record: as text, and as JSON has it. */
  data: 'CANARY-data-of-a-record',
  dataInBase64: Buffer.from('CANARY-data-of-a-record').toString('base64'),
  partitionKey: 'CANARY-partition-key',
} as const;

/**
 * Whatever looks like these is a leak as well, whoever made it: headers and query parameters that sign a
 * request, a line of a credentials file, members of a body that has records.
 */
const leaks: readonly RegExp[] = [
  /\bSignature=[0-9a-f]{64}\b/,
  /\bX-Amz-(?:Signature|Security-Token)=[\w%]{8}/i,
  /\bx-amz-security-token['"]?\s*[:,]\s*['"]?[\w+/=]{8}/i,
  /\baws_(?:secret_access_key|session_token)\s*=\s*[\w+/]{8}/,
  /\\?"(?:Data|PartitionKey|SecretAccessKey|SessionToken|Plaintext)\\?":\s*\\?"(?!HIDDEN_DUE)[\w+/-]{8}/,
];

/** The parts of a text that no output may hold, one for each line with some. */
export function leaksIn(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const song = Object.entries(canaries).find(([, canary]) => line.includes(canary))?.[0];
    const leak = song ?? leaks.find((form) => form.test(line))?.source;
    return leak === undefined ? [] : [leak];
  });
}

/**
 * Says on stderr what a program under test let out, with where it said it: the run of the tests searches what
 * they print, so it fails.
 */
export function reportLeaks(source: string, text: string): void {
  if (leaksIn(text).length === 0) return;
  const lines = text.split('\n').filter((line) => leaksIn(line).length > 0);
  for (const line of lines) process.stderr.write(`${source} let out: ${line}\n`);
}

/** What a server in a test logs is searched, and goes to `inner`. */
export function searchedLogger(inner: Logger): Logger {
  const log =
    (level: keyof Logger) =>
    (message: string, fields: LogFields = {}) => {
      reportLeaks(`the log (${level})`, textOf(message, fields));
      inner[level](message, fields);
    };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}

/** One line: what any logger could make of it, stacks and causes included. */
function textOf(message: string, fields: LogFields): string {
  const values = Object.entries(fields).map(([name, value]) => {
    const text = value instanceof Error ? `${value.stack} ${value.cause}` : JSON.stringify(value);
    return `${name}=${text}`;
  });
  return `${message} ${values.join(' ')}`.replaceAll('\n', ' ');
}
