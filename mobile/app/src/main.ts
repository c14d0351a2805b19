// Starts the phone app: look first, so that nothing flashes, then the screens.
import { mount } from 'svelte';
import './ui/styles/tokens.css';
import './ui/styles/base.css';
import App from './ui/App.svelte';
import { applyTheme } from './ui/theme.svelte';

applyTheme();
const target = document.getElementById('app');
if (target) mount(App, { target });
