// The service worker's two messages: "ready for no coverage" and "a new version waits".
// A new version never takes over by itself: a person in the middle of a report decides when.
import { registerSW } from 'virtual:pwa-register';

const CHECK_EVERY_MS = 60 * 60 * 1000;

const state = $state({ waits: false, offlineReady: false });

const accept = registerSW({
  onNeedRefresh: () => (state.waits = true),
  onOfflineReady: () => (state.offlineReady = true),
  onRegisteredSW: (_address, registration) => {
    if (!registration) return;
    state.offlineReady ||= registration.active !== null;
    setInterval(() => navigator.onLine && registration.update().catch(() => {}), CHECK_EVERY_MS);
  },
});

/** A new version is on this phone and waits for the person. */
export function versionWaits(): boolean {
  return state.waits;
}

/** The app itself is on this phone and opens without coverage. */
export function offlineReady(): boolean {
  return state.offlineReady;
}

/** Changes to the new version; the page loads again. */
export async function acceptVersion(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  // For a page that was there before the first version was stored no service worker waits: the
  // new one is in its place already.
  if (registration?.waiting) await accept(true);
  else location.reload();
}
