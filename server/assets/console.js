// What the console does beyond plain pages: it follows the record live, submits filters when
// they change, offers customers' names while one is typed, moves by keyboard, keeps the page we are
// on in sight among the links, and tells the server the reader's time zone. Every page works without
// it. Nothing is built in the browser: after a hint that something changed, the same page is asked
// for again and only what differs is put in place, so that nothing moves that did not change, and
// nothing is touched that somebody is typing into.

const live = document.querySelector('main[data-live]');
/** Between two looks at the same page: two hundred phones may come back to coverage at once. */
const REST_MS = 1000;
/** Whether something was left as it is because somebody works in it. */
let leftAlone = false;

document.documentElement.classList.add('scripted');
rememberZone();
showPlace();
if (live) follow();
addEventListener('resize', showPlace);
document.addEventListener('change', submitOnChange);
document.addEventListener('input', offerCustomers);
document.addEventListener('keydown', moveByKeyboard);
document.addEventListener('click', closeMenus);

function rememberZone() {
  const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
  document.cookie = `docket_zone=${zone}; path=/; max-age=31536000; samesite=strict`;
}

/** On a narrow screen the page we are on may lie beyond the edge of its row of links. */
function showPlace() {
  for (const here of document.querySelectorAll('nav [aria-current=page]')) {
    const row = here.closest('nav');
    const [place, seen] = [here.getBoundingClientRect(), row.getBoundingClientRect()];
    // Not `scrollIntoView`, after which the Tab key would go on from here and skip what is before.
    row.scrollLeft += place.left - seen.left - (seen.width - place.width) / 2;
  }
}

function follow() {
  const source = new EventSource('/live');
  const state = document.querySelector('[data-live-state]');
  const calm = state?.textContent;
  let asking = false;
  let again = false;
  let known = '""';

  const refresh = async () => {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      const headers = { accept: 'text/html', 'if-none-match': known };
      const answer = await fetch(location.href, { headers });
      if (answer.redirected || answer.status === 401) location.reload();
      else if (answer.ok) {
        leftAlone = false;
        place(new DOMParser().parseFromString(await answer.text(), 'text/html'));
        known = (!leftAlone && answer.headers.get('etag')) || '""';
      }
    } catch {
      // The event source notices that the server is away, and says so.
    } finally {
      setTimeout(rested, REST_MS);
    }
  };
  const rested = () => {
    asking = false;
    if (again) {
      again = false;
      refresh();
    }
  };

  // The first event after every (re)connection says where the log stands; what was missed
  // meanwhile is fetched once. Any later one is news, of the same position, too: a photo has come.
  let seen = null;
  let first = true;
  source.addEventListener('message', (event) => {
    const { seq } = JSON.parse(event.data);
    if (seen !== null && (seq !== seen || !first)) refresh();
    seen = seq;
    first = false;
  });
  source.addEventListener('open', () => {
    first = true;
    show(true);
  });
  source.addEventListener('error', () => show(false));

  function show(on) {
    if (!state) return;
    state.classList.toggle('on', on);
    state.textContent = on ? calm : state.dataset.liveLost;
  }
}

/** Brings the page up to date with a fresh copy of it, part by part. Whoever moves by keyboard
    stays where they are, though that row was drawn anew or has moved. */
function place(fresh) {
  const focused = document.activeElement;
  for (const part of live.querySelectorAll('[data-part]')) {
    const next = fresh.getElementById(part.id);
    if (next) settle(part, next);
  }
  if (document.activeElement === focused) return;
  const same = [...live.querySelectorAll(focused.localName)].find((it) => says(it) === says(focused));
  same?.focus({ preventScroll: true });
}

function says(control) {
  return control.getAttribute('href') ?? control.textContent;
}

/** Makes `old` equal to `next`, keeping every element that stays the same; returns what stands there. */
function settle(old, next) {
  if (old.isEqualNode(next) || isInUse(old, next)) return old;
  if (!isKeyed(old, next)) {
    const placed = arrive(next);
    old.replaceWith(placed);
    return placed;
  }
  const before = [...old.children];
  const children = [...next.children].map((child) => {
    const kept = before.find((one) => (child.id ? one.id === child.id : one.isEqualNode(child)));
    return kept ? settle(kept, child) : arrive(child);
  });
  children.forEach((child, at) => {
    if (old.children[at] !== child) old.insertBefore(child, old.children[at] ?? null);
  });
  while (old.children.length > children.length) old.lastElementChild.remove();
  return old;
}

/** A copy of what is new, shown with a short glow unless the reader wants no motion. */
function arrive(next) {
  const placed = document.importNode(next, true);
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) {
    const glow = getComputedStyle(live).getPropertyValue('--accent-wash');
    placed.animate([{ backgroundColor: glow }, {}], { duration: 2400, easing: 'ease-out' });
  }
  return placed;
}

function isKeyed(old, next) {
  return 'keyed' in old.dataset && 'keyed' in next.dataset;
}

/** Whether somebody works in this part right now: a form is open, holds the focus, or has words
    in it that it did not come with. */
function isInUse(old, next) {
  if (isKeyed(old, next)) return false;
  const typed = [...old.querySelectorAll('input.control')].some((it) => it.value !== it.defaultValue);
  const open = old.querySelector('form[data-typing]') !== null;
  const inUse = open || typed || old.contains(focusedControl());
  leftAlone ||= inUse;
  return inUse;
}

function focusedControl() {
  const focused = document.activeElement;
  return focused?.matches('input, textarea, select') ? focused : null;
}

function submitOnChange(event) {
  event.target.closest('[data-submit-on-change]')?.requestSubmit();
}

/** Offers the customers whose names contain what is being typed; the field works without it. */
async function offerCustomers({ target }) {
  if (!target.matches('input[data-customers]') || !target.value.trim()) return;
  const { value } = target;
  try {
    const answer = await fetch(`/dossiers/names?query=${encodeURIComponent(value)}`);
    const names = answer.ok && !answer.redirected ? await answer.json() : [];
    // What was typed meanwhile has asked for itself.
    if (target.value === value) {
      target.list.replaceChildren(...names.map((name) => new Option(name, name)));
    }
  } catch {
    // The server is away; what was typed can still be sent.
  }
}

function moveByKeyboard(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = event.target.matches('input, textarea, select');
  if (event.key === '/' && !typing) {
    event.preventDefault();
    document.querySelector('.search input')?.select();
  } else if (event.key === 'Escape' && event.target.matches('.search input')) {
    event.target.blur();
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && !typing) {
    const links = [...document.querySelectorAll('[data-rows] tr a:first-of-type')];
    if (links.length === 0) return;
    const here = links.indexOf(document.activeElement);
    const step = event.key === 'ArrowDown' ? 1 : -1;
    const next = here < 0 ? 0 : Math.min(Math.max(here + step, 0), links.length - 1);
    event.preventDefault();
    links[next].focus();
  }
}

/** A menu closes when the reader clicks elsewhere. */
function closeMenus(event) {
  for (const menu of document.querySelectorAll('details.person[open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}
