import { useSignal } from '@preact/signals';
import type { HotKeySight, ShardSight } from '../../../../src/services/millrace/sights.ts';
import { Button } from '../../../parts/button.tsx';
import { href } from '../../../shell/router.ts';
import { format } from '../../../text/format.ts';
import { texts } from '../../../text/text.ts';
import { shareText } from './shard-text.ts';

const t = texts({
  en: {
    title: 'Keys that came often lately',
    key: 'Partition key',
    share: 'Share of the shard’s records',
    hash: 'Hash key',
    none: 'No key comes much more often than others, or nothing came lately.',
    error: (share: string) => `±${share}`,
    records: (key: string) => `Records of ${key}`,
    all: (count: number) => `Show all ${count}`,
  },
  es: {
    title: 'Claves que llegaron mucho últimamente',
    key: 'Clave de partición',
    share: 'Parte de los registros del shard',
    hash: 'Clave hash',
    none: 'Ninguna clave llega mucho más que las demás, o no llegó nada últimamente.',
    error: (share: string) => `±${share}`,
    records: (key: string) => `Registros de ${key}`,
    all: (count: number) => `Mostrar las ${count}`,
  },
});

/** The keys of a shard that come most often, with how much of it they are. */
export function HotKeys({ stream, sight }: { readonly stream: string; readonly sight: ShardSight }) {
  const { HotKeys: hotKeys, ShardId: shard } = sight;
  const isAll = useSignal(false);
  const shown = isAll.value ? hotKeys : hotKeys.slice(0, keysShown);
  return (
    <div class="hot-keys">
      <h4>{t.title}</h4>
      {hotKeys.length === 0 ? (
        <p class="quiet-text">{t.none}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{t.key}</th>
              <th scope="col">{t.share}</th>
              <th scope="col">{t.hash}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((hot) => (
              <HotKeyRow key={hot.Key} {...{ stream, shard, hot }} />
            ))}
          </tbody>
        </table>
      )}
      {hotKeys.length > shown.length && (
        <Button kind="quiet" onPress={() => (isAll.value = true)}>
          {t.all(hotKeys.length)}
        </Button>
      )}
    </div>
  );
}

const keysShown = 8;

type HotKeyRowProps = { readonly stream: string; readonly shard: string; readonly hot: HotKeySight };

function HotKeyRow({ stream, shard, hot }: HotKeyRowProps) {
  const { Key: key, HashKey: hash, Share: share, Error: error } = hot;
  const where = `key == ${JSON.stringify(key)}`;
  return (
    <tr>
      <td>
        <a
          class="mono clipped"
          title={t.records(key)}
          href={href(['streams', stream, 'records'], { shard, where, from: '-15m' })}
        >
          {key}
        </a>
      </td>
      <td class="hot-share">
        <svg width="90" height="10" aria-hidden="true">
          <rect width="90" height="10" rx="2" />
          <rect width={Math.max(2, 90 * share)} height="10" rx="2" />
        </svg>
        {shareText(share)}
        {error >= 0.005 && <span class="quiet-text"> {t.error(format.percent(error))}</span>}
      </td>
      <td class="mono clipped" title={hash}>
        {hash}
      </td>
    </tr>
  );
}
