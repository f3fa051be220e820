import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { MessagePort } from 'node:worker_threads';
import type { Message } from '../../src/gateway/batched-port.ts';
import { answer, RecordsClient } from '../../src/gateway/records-client.ts';
import { growthOfOld, none } from '../old-objects.ts';

/** A port whose owner answers every question at once. */
class AnsweringPort extends EventEmitter {
  postMessage(letters: readonly Message[]): void {
    this.emit(
      'message',
      letters.map(([number]): Message => [number, answer, undefined, undefined]),
    );
  }
}

test('questions that were answered leave nothing that grows old', async () => {
  const owner = new RecordsClient(new AnsweringPort() as unknown as MessagePort);
  const growth = await growthOfOld(() => void owner.ask('certificate', undefined));
  assert.ok(growth < none, `${growth} bytes of 40,000 questions`);
});
