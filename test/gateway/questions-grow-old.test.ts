import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeClock } from '../../src/env/node-clock.ts';
import type { Message, MessagesPort } from '../../src/gateway/batched-port.ts';
import { answer, RecordsClient } from '../../src/gateway/records-client.ts';
import { growthOfOld, none } from '../old-objects.ts';

/** A port whose owner answers every question at once. */
class AnsweringPort implements MessagesPort {
  #receive: (messages: readonly Message[]) => void = () => {};

  post(messages: readonly Message[]): void {
    this.#receive(messages.map(([number]): Message => [number, answer, undefined, undefined]));
  }

  listen(receive: (messages: readonly Message[]) => void): void {
    this.#receive = receive;
  }

  take(): undefined {}

  close(): void {}
}

test('questions that were answered leave nothing that grows old', async () => {
  const owner = new RecordsClient(new AnsweringPort(), nodeClock);
  const growth = await growthOfOld(() => void owner.ask('certificate', undefined));
  assert.ok(growth < none, `${growth} bytes of 40,000 questions`);
});
