import type { Command } from 'commander';
import type { Run } from './command-world.ts';

/** A command: one line about it, and what it is made of, which is loaded when it is asked for. */
export type CommandEntry = {
  readonly name: string;
  /** As help lists it: `put <stream> [file...]`. */
  readonly usage: string;
  readonly about: string;
  /**
   * When the command is parsed, `asked` is told how it is carried out; what makes no sense is a `StartError`.
   */
  readonly load: () => Promise<(asked: (run: Run) => void) => Command>;
};

/** The commands that call a server, or AWS. */
export const commandEntries: readonly CommandEntry[] = [
  {
    name: 'streams',
    usage: 'streams',
    about: 'all streams, with what goes in and out of them',
    load: async () => (await import('./streams/streams-command.ts')).streamsCommand,
  },
  {
    name: 'stream',
    usage: 'stream <create|describe|split|merge|scale|retain|encrypt|delete>',
    about: 'one stream, and what can be done about it',
    load: async () => (await import('./stream/stream-command.ts')).streamCommand,
  },
  {
    name: 'put',
    usage: 'put <stream> [file...]',
    about: 'put records: lines, JSON, CSV or whole files',
    load: async () => (await import('./put/put-command.ts')).putCommand,
  },
  {
    name: 'consumers',
    usage: 'consumers [stream]',
    about: 'who reads, how far behind, and when they lose records',
    load: async () => (await import('./consumers/consumers-command.ts')).consumersCommand,
  },
  {
    name: 'top',
    usage: 'top',
    about: 'what goes in and out of all streams, live',
    load: async () => (await import('./top/top-command.ts')).topCommand,
  },
  {
    name: 'tail',
    usage: 'tail <stream>',
    about: 'show records as they come, from all shards, decoded and filtered',
    load: async () => (await import('./tail/tail-command.ts')).tailCommand,
  },
  {
    name: 'query',
    usage: 'query <stream> <sql>',
    about: 'ask the records of a stream by SQL',
    load: async () => (await import('./query/query-command.ts')).queryCommand,
  },
  {
    name: 'replay',
    usage: 'replay <stream> --to <stream>',
    about: 'put a range of a stream into another one, as new records',
    load: async () => (await import('./replay/replay-command.ts')).replayCommand,
  },
  {
    name: 'cost',
    usage: 'cost [stream...]',
    about: 'what streams would cost on AWS, or what a load would',
    load: async () => (await import('./cost/cost-command.ts')).costCommand,
  },
  {
    name: 'key',
    usage: 'key <list|create|rotate|...>',
    about: 'KMS keys, which streams are encrypted with',
    load: async () => (await import('./key/key-command.ts')).keyCommand,
  },
  {
    name: 'doctor',
    usage: 'doctor',
    about: 'look at machine, disk, clock, limits and TLS, and say what to do',
    load: async () => (await import('./doctor/doctor-command.ts')).doctorCommand,
  },
  {
    name: 'completions',
    usage: 'completions <bash|zsh|fish>',
    about: 'have a shell complete all of this',
    load: async () => (await import('./completions/completions-command.ts')).completionsCommand,
  },
];
