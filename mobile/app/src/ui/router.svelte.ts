// Which screen is shown: the part of the address after `#`, so that the browser's own back
// button and a saved link work, offline too. Overlays (sheets, the signature) are steps of the
// same history: back closes the topmost one before it leaves the screen.

interface Overlay {
  close: () => void;
}

const at = $state({ path: pathOf(location.hash) });
const overlays: Overlay[] = [];
/** A step back that we asked for ourselves, and which must therefore not close anything more. */
let ownStep = false;
let afterStep: (() => void) | null = null;

addEventListener('popstate', () => {
  if (ownStep) {
    ownStep = false;
    const next = afterStep;
    afterStep = null;
    next?.();
  } else {
    overlays.pop()?.close();
  }
  at.path = pathOf(location.hash);
});

/** The parts of the current address: `#/job/0193…/sign` is `['job', '0193…', 'sign']`. */
export function route(): string[] {
  return at.path;
}

/** Goes to a screen, after closing what lies over this one. */
export function go(path: string, how: 'push' | 'replace' = 'push'): void {
  const open = overlays.splice(0);
  if (open.length > 0) stepBack(open.length);
  open.forEach((overlay) => overlay.close());
  afterOwnStep(() => {
    const depth = depthNow() + (how === 'push' ? 1 : 0);
    if (how === 'push') history.pushState({ depth }, '', `#${path}`);
    else history.replaceState({ depth }, '', `#${path}`);
    at.path = pathOf(location.hash);
  });
}

/** One step back; to `home` when this screen was opened directly. */
export function goBack(home: string): void {
  if (depthNow() > 0) history.back();
  else go(home, 'replace');
}

/** Puts an overlay on top. The answer takes it off again from inside, without calling `close`. */
export function openOverlay(close: () => void): () => void {
  const overlay = { close };
  afterOwnStep(() => history.pushState({ depth: depthNow(), overlay: true }, ''));
  overlays.push(overlay);
  return () => {
    const place = overlays.indexOf(overlay);
    if (place < 0) return;
    overlays.splice(place, 1);
    stepBack(1);
  };
}

/** History moves later, not at once; what comes after must wait for it. */
function afterOwnStep(move: () => void): void {
  if (!ownStep) return move();
  const before = afterStep;
  afterStep = () => {
    before?.();
    move();
  };
}

function stepBack(steps: number): void {
  afterOwnStep(() => {
    ownStep = true;
    history.go(-steps);
  });
}

function depthNow(): number {
  return (history.state as { depth?: number } | null)?.depth ?? 0;
}

function pathOf(hash: string): string[] {
  return hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decodeURIComponent);
}
