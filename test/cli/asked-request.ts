import type { Command } from 'commander';
import { readCommandLine } from '../../src/cli/command-line.ts';

const bare = { variables: {}, readFile: () => Promise.reject(new Error('no such file')) };

/** What a command line asks of a command. Rejects as `readCommandLine` does for what makes no sense. */
export async function askedRequest<Request>(
  line: string | readonly string[],
  read: (asked: (request: Request) => void) => Command,
): Promise<Request> {
  const args = typeof line === 'string' ? line.split(' ') : line;
  await readCommandLine(args, bare);
  const requests: Request[] = [];
  read((request) => requests.push(request)).parse(args.slice(1), { from: 'user' });
  return requests[0]!;
}
