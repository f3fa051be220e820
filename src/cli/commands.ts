import type { Command } from 'commander';
import type { CommandWorld, Run } from './command-world.ts';

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

/** All commands but the one that serves, in the order in which help lists them. */
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
    name: 'user',
    usage: 'user <create|list|rotate|...>',
    about: 'users and their access keys, of a server or a data directory',
    load: async () =>
      carriedOut((await import('./user/user-command.ts')).userCommand, async (request, world) =>
        (await import('./user/command-user.ts')).commandUser(request, world),
      ),
  },
  {
    name: 'copy',
    usage: 'copy <stream> --from <url> --to <url>',
    about: 'copy a stream with its history, in order',
    load: async () =>
      carriedOut((await import('./copy/copy-command.ts')).copyCommand, async (request, world) =>
        (await import('./copy/command-copy.ts')).commandCopy(request, world),
      ),
  },
  {
    name: 'function',
    usage: 'function <run|list|invoke|logs>',
    about: 'a function of yours on a stream, and those that there are',
    load: async () =>
      carriedOut((await import('./function/function-command.ts')).functionCommand, async (request, world) =>
        (await import('./function/command-function.ts')).commandFunction(request, world),
      ),
  },
  {
    name: 'mapping',
    usage: 'mapping <list|show|failures|...>',
    about: 'how event source mappings do, and what they gave up',
    load: async () =>
      carriedOut((await import('./mapping/mapping-command.ts')).mappingCommand, async (request, world) =>
        (await import('./mapping/command-mapping.ts')).commandMapping(request, world),
      ),
  },
  {
    name: 'delivery',
    usage: 'delivery <list|show>',
    about: 'how deliveries to buckets, tables and endpoints do',
    load: async () =>
      carriedOut((await import('./delivery/delivery-command.ts')).deliveryCommand, async (request, world) =>
        (await import('./delivery/command-delivery.ts')).commandDelivery(request, world),
      ),
  },
  {
    name: 'deliver',
    usage: 'deliver <stream> --from <point> --to <url>',
    about: 'put a stream into objects or a table, once',
    load: async () =>
      carriedOut((await import('./deliver/deliver-command.ts')).deliverCommand, async (request, world) =>
        (await import('./deliver/command-deliver.ts')).commandDeliver(request, world),
      ),
  },
  {
    name: 'verify',
    usage: 'verify <directory>',
    about: 'check a data directory that no server uses, and change nothing',
    load: async () =>
      carriedOut((await import('./offline/offline-command.ts')).verifyCommand, async (request, world) =>
        (await import('./offline/command-offline.ts')).commandOffline(request, world),
      ),
  },
  {
    name: 'repair',
    usage: 'repair <directory> --to <directory>',
    about: 'copy what is sound of one',
    load: async () =>
      carriedOut((await import('./offline/offline-command.ts')).repairCommand, async (request, world) =>
        (await import('./offline/command-offline.ts')).commandOffline(request, world),
      ),
  },
  {
    name: 'restore',
    usage: 'restore --archive <s3://bucket/prefix>',
    about: 'make a data directory of what an archive holds',
    load: async () =>
      carriedOut((await import('./restore/restore-command.ts')).restoreCommand, async (request, world) =>
        (await import('./restore/command-restore.ts')).commandRestore(request, world),
      ),
  },
  {
    name: 'policy',
    usage: 'policy simulate',
    about: 'tell what policies decide, and which statement does',
    load: async () =>
      carriedOut((await import('./policy/policy-command.ts')).policyCommand, async (request, world) =>
        (await import('./policy/command-policy.ts')).commandPolicy(request, world),
      ),
  },
  {
    name: 'completions',
    usage: 'completions <bash|zsh|fish>',
    about: 'have a shell complete all of this',
    load: async () => (await import('./completions/completions-command.ts')).completionsCommand,
  },
];

/** A command that is read as a request, and what carries it out, which is loaded when it is to be. */
function carriedOut<Request>(
  read: (asked: (request: Request) => void) => Command,
  carryOut: (request: Request, world: CommandWorld) => Promise<number>,
): (asked: (run: Run) => void) => Command {
  return (asked) => read((request) => asked((world) => carryOut(request, world)));
}
