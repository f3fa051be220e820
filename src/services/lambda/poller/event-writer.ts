import type { Millis } from '../../../env/clock.ts';
import { dataBytesAt, keyAt, keyBytesAt, type Offset } from '../../../kinesis/record.ts';
import {
  advanceNumber,
  type Numbering,
  secondOf,
  sequenceNumberDigits,
  sequenceNumberOf,
} from '../../../kinesis/sequence-number.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import { JsonWriter } from '../../../wire/json/json-writer.ts';
import type { OpenWindow } from '../state/lambda-state.ts';
import type { PolledRecord } from './polled-record.ts';

/** What all events of a mapping's shard have in common. */
export type EventSource = {
  readonly shard: Numbering;
  readonly region: string;
  /** The function's execution role. */
  readonly role: string;
  /** The stream's ARN, or the consumer's, as the mapping has it. */
  readonly arn: string;
};

/** What an event says of a tumbling window. */
export type EventWindow = {
  readonly window: OpenWindow;
  readonly isFinal: boolean;
  readonly isEarly: boolean;
};

/**
 * Writes events as AWS has them (Lambda developer guide, "Using Lambda to process records from Amazon Kinesis
 * Data Streams"), straight from the bytes of batches: no value is made of a record.
 */
export class EventWriter {
  readonly #source: EventSource;
  readonly #beforeKey = Buffer.from(',"partitionKey":');
  readonly #beforeNumber = Buffer.from(',"sequenceNumber":"');
  readonly #beforeData = Buffer.from('","data":');
  readonly #beforeTime = Buffer.from(',"approximateArrivalTimestamp":');
  readonly #beforeId: Buffer;
  readonly #tail: Buffer;
  /** The sequence number of the last record that was written, and of which record it is. */
  readonly #number = Buffer.alloc(sequenceNumberDigits);
  #numbered: Offset = none;
  #second = 0;

  constructor(source: EventSource) {
    const { shard, region, role, arn } = source;
    this.#source = source;
    this.#beforeId = Buffer.from(
      `},"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"${formatShardId(shard.index)}:`,
    );
    this.#tail = Buffer.from(
      `","eventName":"aws:kinesis:record","invokeIdentityArn":${JSON.stringify(role)},` +
        `"awsRegion":${JSON.stringify(region)},"eventSourceARN":${JSON.stringify(arn)}}`,
    );
  }

  /** What each record takes in an event besides its key and data, at most. */
  get recordBytes(): number {
    const parts = [head, this.#beforeKey, this.#beforeNumber, this.#beforeData, this.#beforeTime];
    const fixed = [...parts, this.#beforeId, this.#tail].reduce((sum, { length }) => sum + length, 0);
    return fixed + 2 * sequenceNumberDigits + timeBytesMax + 2 * quotedBytes + 1;
  }

  /** What an event takes besides its records, at most. */
  envelopeBytes(state = ''): number {
    return envelopeBytesMax + this.#source.arn.length + Buffer.byteLength(state);
  }

  write(records: readonly PolledRecord[], window?: EventWindow): Buffer {
    const writer = new JsonWriter();
    const { sink } = writer;
    const bytes = records.reduce((sum, { eventBytes }) => sum + eventBytes, 0);
    sink.reserve(bytes + this.envelopeBytes(window?.window.state));
    sink.ascii('{"Records":[');
    for (const [index, record] of records.entries()) {
      if (index > 0) sink.byte(comma);
      this.#record(writer, record);
    }
    sink.ascii(']');
    if (window !== undefined) this.#window(writer, window);
    sink.ascii('}');
    return sink.bytes();
  }

  #record(writer: JsonWriter, { bytes, at, offset, arrival }: PolledRecord): void {
    const { sink } = writer;
    const key = keyAt(at);
    const keyBytes = keyBytesAt(bytes, at);
    const data = key + (keyBytes ?? 0);
    sink.copy(head);
    if (keyBytes !== undefined) {
      sink.copy(this.#beforeKey);
      writer.textIn(bytes, key, data);
    }
    sink.copy(this.#beforeNumber);
    this.#numberOf(offset, arrival);
    sink.copy(this.#number);
    sink.copy(this.#beforeData);
    writer.blobIn(bytes, data, data + dataBytesAt(bytes, at));
    sink.copy(this.#beforeTime);
    sink.ascii((arrival / 1000).toFixed(3));
    sink.copy(this.#beforeId);
    sink.copy(this.#number);
    sink.copy(this.#tail);
  }

  #numberOf(offset: Offset, arrival: Millis): void {
    const second = secondOf(arrival);
    if (offset === this.#numbered + 1 && second === this.#second) {
      advanceNumber(this.#number, sequenceNumberDigits);
    } else {
      this.#number.write(sequenceNumberOf(this.#source.shard, offset, arrival), 'latin1');
    }
    this.#numbered = offset;
    this.#second = second;
  }

  #window({ sink }: JsonWriter, { window, isFinal, isEarly }: EventWindow): void {
    const { shard, arn } = this.#source;
    sink.ascii(
      `,"window":{"start":"${secondText(window.start)}","end":"${secondText(window.end)}"},"state":`,
    );
    sink.utf8(window.state);
    sink.ascii(`,"shardId":"${formatShardId(shard.index)}","eventSourceARN":`);
    sink.utf8(JSON.stringify(arn));
    sink.ascii(`,"isFinalInvokeForWindow":${isFinal},"isWindowTerminatedEarly":${isEarly}`);
  }
}

const head = Buffer.from('{"kinesis":{"kinesisSchemaVersion":"1.0"');
/** Before every record. */
const none = -2;
const comma = 0x2c;
const quotedBytes = 2;
const timeBytesMax = 17; // 9999999999999.999
const envelopeBytesMax = 512;

/** A whole second as AWS has it in a window: `2020-12-09T07:04:00Z`. */
function secondText(time: Millis): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
