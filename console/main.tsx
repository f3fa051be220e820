import { render } from 'preact';
import { App } from './shell/app.tsx';
import { begin } from './shell/start.ts';

begin();
render(<App />, document.getElementById('console')!);
