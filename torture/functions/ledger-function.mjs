// The function of every mapping that is tortured: writes down what it is called with before it does anything,
// and what it has done before it says so, in lines of JSON that are on the disk when the next one begins.
import { fsyncSync, openSync, writeSync } from 'node:fs';

const { LEDGER, MANNER, AWS_LAMBDA_FUNCTION_NAME: name } = process.env;
const ledger = openSync(LEDGER, 'a');

export async function handler(event, { awsRequestId: call }) {
  const records = event.Records.map(({ eventID, kinesis }) => {
    const text = Buffer.from(kinesis.data, 'base64').toString();
    return { id: text.split(' ')[0], key: kinesis.partitionKey, place: eventID, text };
  });
  const seen = records.map(({ id, key, place }) => [id, key, place]);
  note({ kind: 'in', call, seen, window: event.window?.start, state: event.state?.ids });
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
  const bad = records.findIndex(({ text }) => isBad(text));
  if (bad !== -1 && MANNER !== 'items') throw new Error(`${records[bad].id} is not to be had`);
  const done = bad === -1 ? records.length : bad;
  const state = [...(event.state?.ids ?? []), ...records.map(({ id }) => id)];
  note({ kind: 'out', call, done, final: event.isFinalInvokeForWindow, state: event.window && state });
  if (MANNER === 'window') return { state: { ids: state } };
  if (bad !== -1)
    return { batchItemFailures: [{ itemIdentifier: event.Records[bad].kinesis.sequenceNumber }] };
}

/** Poison is bad each time, for those who are to give it up; for others a record is bad now and then. */
function isBad(text) {
  if (MANNER === 'poison') return text.includes('poison');
  return MANNER === 'items' && Math.random() < 0.01;
}

function note(entry) {
  writeSync(ledger, `${JSON.stringify({ name, ...entry })}\n`);
  fsyncSync(ledger);
}
