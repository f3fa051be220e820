import { useSignal } from '@preact/signals';
import { useAsked } from '../../api/asked.ts';
import { errorText } from '../../parts/error-text.ts';
import { allShards } from './shards.ts';
import { shardNumber } from './tail-record.ts';
import { t } from './text.ts';

/** Which shards are read: none chosen means all. */
export function ShardChoice({ stream, chosen, onChange }: ShardChoiceProps) {
  const shards = useAsked((signal) => allShards(stream, signal), [stream]);
  const all = shards.answer ?? [];
  const narrowed = useSignal('');
  const listed = all.filter(({ ShardId }) => ShardId.includes(narrowed.value));
  const toggle = (shardId: string, isOn: boolean) =>
    onChange(isOn ? [...chosen, shardId].sort() : chosen.filter((other) => other !== shardId));
  return (
    <div class="field">
      <span class="label">{t.shards}</span>
      <details class="shard-choice">
        <summary class="input shard-summary">
          {chosen.length === 0 ? t.allShards : t.someShards(chosen.length, all.length)}
        </summary>
        <div class="shard-list">
          {shards.error !== undefined && <div class="field-error">{errorText(shards.error)}</div>}
          {all.length > narrowFrom && (
            <input
              class="input"
              type="search"
              aria-label={t.shards}
              value={narrowed.value}
              onInput={(event) => {
                narrowed.value = event.currentTarget.value;
              }}
            />
          )}
          <label>
            <input type="checkbox" checked={chosen.length === 0} onChange={() => onChange([])} />
            {t.allShards}
          </label>
          {listed.slice(0, listedMax).map(({ ShardId, isClosed }) => (
            <label key={ShardId} class="mono">
              <input
                type="checkbox"
                checked={chosen.includes(ShardId)}
                onChange={(event) => toggle(ShardId, event.currentTarget.checked)}
              />
              <span class={isClosed ? 'quiet-text' : ''}>{shardNumber(ShardId)}</span>
              <span class="quiet-text">{ShardId}</span>
            </label>
          ))}
          {listed.length > listedMax && (
            <div class="quiet-text">{t.more(String(listed.length - listedMax))}</div>
          )}
        </div>
      </details>
    </div>
  );
}

export type ShardChoiceProps = {
  readonly stream: string;
  readonly chosen: readonly string[];
  readonly onChange: (shards: readonly string[]) => void;
};

const narrowFrom = 12;
const listedMax = 200;
