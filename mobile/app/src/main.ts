// Starts the phone app: the worker first, which opens the record; then the look, so that nothing
// flashes; then the screens.
import './bridge/worker';
import './ui/styles/tokens.css';
import './ui/styles/base.css';
import { applyTheme } from './ui/theme.svelte';

applyTheme();
void import('./ui/start');
