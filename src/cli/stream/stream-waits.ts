import { AwsError } from '../../server/lambda/aws-calls.ts';
import type { AwsCalls } from '../aws-place.ts';
import type { CommandWorld } from '../command-world.ts';
import { describedStream, type StreamSummary } from './described-stream.ts';

/** A stream that is called about. */
export type StreamCalls = {
  readonly name: string;
  readonly calls: AwsCalls;
  readonly world: CommandWorld;
  /** Whether the command ends when all is done, not when it was asked for. */
  readonly waits: boolean;
};

/** The stream once it is ACTIVE. A terminal shows that it is waited for. Rejects with the signal's reason. */
export async function untilActive(of: StreamCalls): Promise<StreamSummary> {
  const { name, calls, world } = of;
  for (let looks = 0; ; looks++) {
    const summary = await describedStream(calls, name);
    if (summary.StreamStatus === 'ACTIVE') {
      await erase(world);
      return summary;
    }
    await pause(of, looks, summary.StreamStatus);
  }
}

export async function untilGone(of: StreamCalls): Promise<void> {
  for (let looks = 0; ; looks++) {
    try {
      await pause(of, looks, (await describedStream(of.calls, of.name)).StreamStatus);
    } catch (error) {
      if (!(error instanceof AwsError) || error.name !== 'ResourceNotFoundException') throw error;
      await erase(of.world);
      return;
    }
  }
}

/** AWS lets an account describe 20 streams a second (DescribeStreamSummary, API reference). */
async function pause({ name, world }: StreamCalls, looks: number, status: string): Promise<void> {
  const { clock, progress, signal } = world;
  if (progress.isTerminal)
    await progress.write(`\r\x1b[K${spinner[looks % spinner.length]} ${name} is ${status}`);
  await clock.sleep(Math.min(pauseMs * 1.3 ** looks, pauseMsMax), signal);
  signal.throwIfAborted();
}

async function erase({ progress }: CommandWorld): Promise<void> {
  if (progress.isTerminal) await progress.write('\r\x1b[K');
}

const spinner = ['|', '/', '-', '\\'];
const pauseMs = 50;
const pauseMsMax = 2_000;
