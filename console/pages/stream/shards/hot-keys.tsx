import type { HotKeySight, ShardSight } from '../../../../src/services/millrace/sights.ts';
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
  },
  es: {
    title: 'Claves que llegaron mucho últimamente',
    key: 'Clave de partición',
    share: 'Parte de los registros del shard',
    hash: 'Clave hash',
    none: 'Ninguna clave llega mucho más que las demás, o no llegó nada últimamente.',
    error: (share: string) => `±${share}`,
    records: (key: string) => `Registros de ${key}`,
  },
});

/** The keys of a shard that come most often, with how much of it they are. */
export function HotKeys({ stream, sight }: { readonly stream: string; readonly sight: ShardSight }) {
  const { HotKeys: hotKeys, ShardId: shard } = sight;
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
            {hotKeys.map((hot) => (
              <HotKeyRow key={hot.Key} {...{ stream, shard, hot }} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

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
        <meter min={0} max={1} value={share} aria-hidden="true" />
        {shareText(share)}
        {error >= 0.005 && <span class="quiet-text"> {t.error(format.percent(error))}</span>}
      </td>
      <td class="mono clipped" title={hash}>
        {hash}
      </td>
    </tr>
  );
}
