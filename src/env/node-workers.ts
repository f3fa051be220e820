import { availableParallelism } from 'node:os';
import type { EventLoopUtilization } from 'node:perf_hooks';
import {
  MessageChannel,
  type MessagePort,
  type ResourceLimits,
  receiveMessageOnPort,
  Worker as Thread,
  workerData,
} from 'node:worker_threads';
import { isApart, portsApart, startApart } from './node-apart.ts';
import type { NamedPorts, Port, Worker, Workers } from './workers.ts';

/** Threads of Node's. */
export const nodeWorkers: Workers = {
  coresMax: availableParallelism(),

  start(program, data, ports): Worker {
    if (program.isApart === true)
      return startApart(
        program,
        portsWith(ports, (port) => (port as NodePort).port),
      );
    const given: Given = { data, ports: portsWith(ports, (port) => (port as NodePort).port) };
    const thread = new Thread(program.module, {
      workerData: given,
      transferList: Object.values(given.ports),
      name: program.name,
      ...(program.heapMiBMax && { resourceLimits: limitsOf(program.heapMiBMax) }),
    });
    let failure: Error | undefined;
    thread.on('error', (error: Error) => {
      failure = error;
    });
    const { promise: ended, resolve } = Promise.withResolvers<Error | undefined>();
    thread.once('exit', () => resolve(failure));
    let before: EventLoopUtilization | undefined;
    return {
      ended,
      busy() {
        const now = thread.performance.eventLoopUtilization();
        const { utilization } =
          before === undefined ? now : thread.performance.eventLoopUtilization(now, before);
        before = now;
        return utilization;
      },
      async terminate() {
        await thread.terminate();
        await ended;
      },
    };
  },

  channel<Out, In>() {
    const { port1, port2 } = new MessageChannel();
    return [new NodePort<Out, In>(port1), new NodePort<In, Out>(port2)];
  },
};

/**
 * What this thread, or process apart, was given when it was started. The types are those of the program that
 * it runs.
 */
export function givenToWorker<Data, Ports extends NamedPorts>(): {
  readonly data: Data;
  readonly ports: Ports;
} {
  if (isApart) return { data: undefined as Data, ports: portsApart() as NamedPorts as Ports };
  const { data, ports } = workerData as Given<Data>;
  return { data, ports: portsWith(ports, (port) => new NodePort(port)) as NamedPorts as Ports };
}

function limitsOf({ old, young }: HeapLimits): ResourceLimits {
  return { maxOldGenerationSizeMb: old, maxYoungGenerationSizeMb: young };
}

type HeapLimits = { readonly old: number; readonly young: number };

type Given<Data = unknown> = { readonly data: Data; readonly ports: Readonly<Record<string, MessagePort>> };

function portsWith<From, To>(
  ports: Readonly<Record<string, From>>,
  change: (port: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, change(port)]));
}

class NodePort<Out = unknown, In = unknown> implements Port<Out, In> {
  readonly port: MessagePort;

  constructor(port: MessagePort) {
    this.port = port;
  }

  post(message: Out, handedOver: ArrayBuffer[] = []): void {
    this.port.postMessage(message, handedOver);
  }

  listen(receive: (message: In) => void, closed?: () => void): void {
    this.port.on('message', receive);
    if (closed !== undefined) this.port.once('close', closed);
  }

  take(): { readonly message: In } | undefined {
    return receiveMessageOnPort(this.port);
  }

  close(): void {
    this.port.close();
  }
}
