import { detached } from '../../../env/detached.ts';
import type { Processes, TemporaryFolder } from '../../../env/processes.ts';
import { CodeFolders, type HeldCode } from './code-folders.ts';
import type { RunnableFunction } from './function-runner.ts';
import type { FunctionsWorld, IssuedCredentials } from './functions-world.ts';
import { InstanceOutput } from './instance-output.ts';
import type { LogFiles } from './log-files.ts';
import { environmentOf, logStreamName, traceIdAt } from './process-environment.ts';
import { ProcessInstance } from './process-instance.ts';
import { adviceFor, commandOf, type RuntimeKind } from './runtimes.ts';

export type StartedProcess = {
  readonly instance: ProcessInstance;
  /** By the wall clock, when its credentials are too old for another call; undefined when never. */
  readonly staleAt: number | undefined;
};

/** Starts processes of functions: their code, folders, environment and output. */
export class ProcessStarter {
  readonly #world: FunctionsWorld;
  readonly #files: LogFiles;
  readonly #code: CodeFolders;

  constructor(world: FunctionsWorld, files: LogFiles) {
    this.#world = world;
    this.#files = files;
    this.#code = new CodeFolders(world.code, world.logger);
  }

  /** Rejects as `CodeFolders.hold` does. */
  async start(processes: Processes, function_: RunnableFunction, kind: RuntimeKind): Promise<StartedProcess> {
    const code = await this.#code.hold(processes, function_);
    let scratch: TemporaryFolder | undefined;
    try {
      const { account, region, name, settings } = function_;
      const credentials = this.#world.credentials.issue({ account, region, name, role: settings.role });
      scratch = await scratchFolder(processes, code, credentials);
      const parts = { processes, function_, kind, code, scratch: scratch.path, credentials };
      const instance = await this.#startIn(parts);
      this.#cleanUpAfter(instance, code, scratch);
      return { instance, staleAt: this.#staleAt(credentials, settings.timeoutSeconds) };
    } catch (error) {
      code.release();
      if (scratch !== undefined) this.#remove(scratch);
      throw error;
    }
  }

  async #startIn({
    processes,
    function_,
    kind,
    code,
    scratch,
    credentials,
  }: Parts): Promise<ProcessInstance> {
    const { clock, random, network, logger } = this.#world;
    const { account, region, name, settings } = function_;
    const { known } = processes;
    const bootstrap = kind === 'node' ? await processes.readableCopy(bootstrapFile) : '';
    const { memoryMiB, handler = '' } = settings;
    const command = commandOf(kind, { folder: code.path, handler, bootstrap, memoryMiB, known });
    const output = new InstanceOutput({
      ...{ clock, logger, name: `function ${name}` },
      keep: (bytes) => this.#files.keep({ account, region, name }, bytes),
    });
    const environment = (authority: string) =>
      environmentOf({
        ...{ function_, kind, folder: code.path, scratch, cache: code.cache, authority },
        searchPath: known.searchPath,
        logStream: logStreamName(clock.now(), function_.version, random),
        credentials: credentialVariables(credentials, scratch),
      });
    const start = (authority: string) =>
      processes.start({
        ...command,
        folder: code.path,
        environment: environment(authority),
        user: code.user,
        output: output.take,
      });
    const traceId = () => traceIdAt(clock.now(), random);
    const advice = adviceFor(kind);
    const how = { function_, output, command: command.command, advice, start, traceId };
    return await ProcessInstance.start({ clock, network }, how);
  }

  #cleanUpAfter(instance: ProcessInstance, code: HeldCode, scratch: TemporaryFolder): void {
    const cleaned = instance.ended.then(() => {
      code.release();
      this.#remove(scratch);
    });
    detached(cleaned, (error) => this.#world.logger.error('a function was not cleaned up after', { error }));
  }

  #remove(folder: TemporaryFolder): void {
    detached(folder.remove(), (error) =>
      this.#world.logger.warn('the temporary folder of a function could not be removed', { error }),
    );
  }

  /** A call that begins must not outlive them; short-lived ones are used for half of their life at least. */
  #staleAt({ expiresAt }: IssuedCredentials, timeoutSeconds: number): number | undefined {
    if (expiresAt === undefined) return undefined;
    const life = expiresAt - this.#world.clock.now();
    return expiresAt - Math.min(timeoutSeconds * 1000, life / 2);
  }
}

type Parts = {
  readonly processes: Processes;
  readonly function_: RunnableFunction;
  readonly kind: RuntimeKind;
  readonly code: HeldCode;
  readonly scratch: string;
  readonly credentials: IssuedCredentials;
};

/** A folder of its own for a process's temporary files. */
function scratchFolder(
  processes: Processes,
  { user }: HeldCode,
  { authority }: IssuedCredentials,
): Promise<TemporaryFolder> {
  const files =
    authority === undefined
      ? []
      : [{ path: authorityName, bytes: Buffer.from(authority), isExecutable: false }];
  return processes.folderWith(files, { user, isWritable: true });
}

function credentialVariables({ environment, authority }: IssuedCredentials, scratch: string) {
  if (authority === undefined) return environment;
  const file = `${scratch}/${authorityName}`;
  return { ...environment, NODE_EXTRA_CA_CERTS: file, AWS_CA_BUNDLE: file };
}

const authorityName = 'millrace-authority.pem';
const bootstrapFile = new URL('./bootstrap.mjs', import.meta.url);
