import { texts } from '../text/text.ts';

const t = texts({ en: { title: 'Streams' }, es: { title: 'Streams' } });

export function App() {
  return <h1>{t.title}</h1>;
}
