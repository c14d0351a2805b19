// What only the browser can grant: a place on the home screen, and storage that is not cleared
// when the phone runs full. Says plainly when either is refused, and how much room there is.

/** The browser's own prompt, kept until the person asks for it. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

export type Persisted = 'asking' | 'granted' | 'refused';

const state = $state<{ prompt: InstallPrompt | null; persisted: Persisted }>({
  prompt: null,
  persisted: 'asking',
});

addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  state.prompt = event as InstallPrompt;
});
addEventListener('appinstalled', () => (state.prompt = null));

/** Whether the app runs from the home screen already. */
export function installed(): boolean {
  return matchMedia('(display-mode: standalone)').matches;
}

/** Whether the browser offers to install right now. */
export function canInstall(): boolean {
  return state.prompt !== null;
}

/** Shows the browser's own question. */
export async function install(): Promise<void> {
  await state.prompt?.prompt();
  state.prompt = null;
}

/** Whether the browser promised to keep the record. */
export function persisted(): Persisted {
  return state.persisted;
}

/** Asks for storage that is not cleared by itself; called once someone is signed in. */
export async function askToPersist(): Promise<void> {
  const granted = (await navigator.storage.persisted()) || (await navigator.storage.persist());
  state.persisted = granted ? 'granted' : 'refused';
}
