// Writes docs/clients.md from the abouts and the results in test/clients/: `npm run docs`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { About } from '../test/clients/about.ts';
import { clientAbouts } from './client-abouts.ts';
import { type ClientResult, type ClientResults, clientResults, type TestResult } from './client-results.ts';

export const clientsPath = join(import.meta.dirname, '../docs/clients.md');

const opening = `# Clients

Real programs, as they come, with Millrace for AWS: what was run, and what came of it. This page is generated from
\`test/clients/\` by \`npm run docs\`, from what the last \`npm run clients\` found there; a test keeps it up to date. Each is started
against \`npm start\` with signatures verified, and nothing but Millrace answers it: its streams, leases, metrics and credentials are
all on one port. Under the table stand, for each, the lines of configuration that a user copies.

\`\`\`
npm run clients                                        # all of them; what a machine lacks the toolchain for is skipped
CLIENTS=all npm test -- test/clients/kcl3              # one of them
\`\`\`
`;

const openingOnKafka = `## On Kafka

The same programs, as they come, with two servers of a cluster on three real Kafka brokers for AWS (\`--engine kafka\`). Between a
program and the servers is a balancer that sends every call to the other server (where it speaks HTTP/2 or TLS, every connection),
so what one server has answered has to be true at the other one at once. Where the server is killed, it is the one that has the
leases and metrics of all.

\`\`\`
npm run clients:kafka
CLIENTS=all CLIENTS_ON=kafka npm test -- test/clients/kcl3   # one of them
\`\`\`
`;

type Abouts = ReadonlyMap<string, About>;

/** The page as the abouts and the results are now. */
export function clientsPage(abouts: Abouts, results: ClientResults, resultsOnKafka: ClientResults): string {
  const isRun = ([client, { version }]: readonly [string, About]) =>
    resultsOnKafka[client]?.version === version;
  const onKafka = new Map([...abouts].filter(isRun));
  const sections = [...abouts].map(([client, about]) => section(client, about, results[client]));
  const parts = [
    ...[opening.trimEnd(), table(abouts, results)],
    ...(onKafka.size > 0 ? [openingOnKafka.trimEnd(), table(onKafka, resultsOnKafka)] : []),
    ...sections,
  ];
  return `${parts.join('\n\n')}\n`;
}

function table(abouts: Abouts, results: ClientResults): string {
  const rows = [...abouts].flatMap(([client, about]) => rowsOf(client, about, results[client]));
  return ['| program | version | what was run | result |', '|---|---|---|---|', ...rows].join('\n');
}

/** A row for what it does as a whole, and one for each of its tests. */
function rowsOf(client: string, { name, version, runs }: About, result: ClientResult | undefined): string[] {
  const linked = `[${name}](#${anchorOf(name)})`;
  const known = result?.version === version ? result : undefined;
  const tests = known?.tests.map((each) => `| | | ${cell(each.test)} | ${cell(outcomeOf(each))} |`) ?? [];
  return [`| **${linked}** | ${cell(version)} | ${cell(runs)} | ${sumOf(client, known)} |`, ...tests];
}

function sumOf(client: string, result: ClientResult | undefined): string {
  if (result === undefined) return `not run yet with this version (\`test/clients/${client}\`)`;
  const counts = (['passed', 'failed', 'skipped'] as const)
    .map((each) => ({ each, count: result.tests.filter((test) => test.result === each).length }))
    .filter(({ count }) => count > 0)
    .map(({ each, count }) => `${count} ${each}`);
  return `**${counts.join(', ')}** (${result.date})`;
}

function outcomeOf({ result, said }: TestResult): string {
  return said === undefined ? result : `${result}: ${said}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function section(client: string, about: About, result: ClientResult | undefined): string {
  const tools = result?.version === about.version && result.toolchain.length > 0 ? result.toolchain : [];
  const with_ = tools.length === 0 ? '' : `, run with ${tools.join('; ')}`;
  const snippets = about.configuration.map(
    ({ where, language, lines }) => `${where}:\n\n\`\`\`${language}\n${lines}\n\`\`\``,
  );
  const parts = [
    `## ${about.name}`,
    `Version ${about.version} from ${about.from}${with_}. Tests: [\`test/clients/${client}\`](../test/clients/${client}).`,
    ...snippets,
    ...(about.remarks ?? []).map((remark) => `- ${remark}`),
  ];
  return parts.join('\n\n');
}

/** As GitHub makes them of a heading. */
function anchorOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

if (import.meta.main)
  writeFileSync(clientsPath, clientsPage(await clientAbouts(), clientResults(), clientResults('kafka')));
