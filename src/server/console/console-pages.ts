import type { Pages } from '../../rpc/page.ts';
import { engineOf, type ServerOptions } from '../options.ts';
import { version } from '../version.ts';
import type { ConsoleAnswers } from './console-answers.ts';

type ConsoleOptions = Pick<ServerOptions, 'console' | 'region' | 'account' | 'engine' | 'memory'>;

/** The console's pages; none where it is off. What they take loads when a browser asks for one. */
export function consolePages(options: ConsoleOptions, isSigned: boolean): Pages {
  if (options.console === 'off') return {};
  let answers: Promise<ConsoleAnswers> | undefined;
  return {
    '/console': { runs: 'here', isOverTls: true, answer: async () => toFolder },
    '/console/': {
      runs: 'here',
      isOverTls: true,
      async answer(request) {
        answers ??= load(options, isSigned);
        return await (await answers).answer(request);
      },
    },
  };
}

/** Its own addresses are relative to the folder. */
const toFolder = { status: 307, headers: { Location: '/console/' }, body: '' };

async function load(options: ConsoleOptions, isSigned: boolean): Promise<ConsoleAnswers> {
  const { ConsoleAnswers } = await import('./console-answers.ts');
  const { region, account } = options;
  return new ConsoleAnswers({
    Version: version,
    Signed: isSigned,
    ReadOnly: options.console === 'read-only',
    Region: region ?? defaultRegion,
    AnyRegion: region === undefined,
    Account: account,
    Engine: engineOf(options),
  });
}

/**
 * Where any region is served, that in which examples are written, and which AWS's tools have without a
 * setting.
 */
const defaultRegion = 'us-east-1';
