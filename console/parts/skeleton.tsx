import { texts } from '../text/text.ts';

const t = texts({ en: { loading: 'Loading' }, es: { loading: 'Cargando' } });

/** Where something will be once it is loaded. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div class="skeleton" role="status" aria-label={t.loading}>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} class="skeleton-line" />
      ))}
    </div>
  );
}
